"""The faces over HTTP: the API, sign-in and pages. `dougong.web.app.build` makes the ASGI application of an engine."""
