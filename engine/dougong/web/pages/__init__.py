"""The pages: one module each, one dataclass each as the context of its template. Rights come from the session alone."""
