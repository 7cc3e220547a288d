"""The demonstration: invented structures, true calendar, loaded through the product's own services."""
