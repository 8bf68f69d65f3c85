"""The verb `publish`: scores, loss curve and provenance of a run in a ConfigMap."""
