"""T5xx: pipelines, triggers, rights, checks."""
