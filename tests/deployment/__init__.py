"""What is installed on a server: the image, the services, the first commands."""
