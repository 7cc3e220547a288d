"""The content of a version as plain data: what is hashed when it is published."""

import hashlib
import json


def canonical(version):
    """The wording of a version, in order, as JSON-ready data; presentation help left out."""
    return {
        "code": version.referentiel.code,
        "number": version.number,
        "scale": [[step.value, step.label] for step in version.scale.all()],
        "chapters": [
            {
                "stable_id": chapter.stable_id,
                "number": chapter.number,
                "title": chapter.title,
                "sections": [[section.number, section.title] for section in chapter.sections.all()],
                "criteria": [_criterion(criterion) for criterion in chapter.criteria.all()],
            }
            for chapter in version.chapters.all()
        ],
    }


def _criterion(criterion):
    return {
        "stable_id": criterion.stable_id,
        "section": criterion.section.number,
        "code": criterion.code,
        "title": criterion.title,
        "question": criterion.question,
        "weight": criterion.weight,
        "levels": [[level.value, level.description] for level in criterion.levels.all()],
        "indicators": [[indicator.title, indicator.unit] for indicator in criterion.indicators.all()],
        "correspondences": [[link.framework, link.number] for link in criterion.correspondences.all()],
    }


def content_hash(data):
    """SHA-256 of JSON-ready data in one fixed spelling (sorted keys, no spaces, UTF-8)."""
    spelled = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()
