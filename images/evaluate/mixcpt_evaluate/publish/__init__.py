"""Publishing of a run's scores as a ConfigMap of the cluster."""
