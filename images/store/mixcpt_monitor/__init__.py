"""Watches the cells of a namespace: metrics for Prometheus and events for a webhook."""
