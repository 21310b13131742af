"""The language server: what an editor asks while somebody writes a definition. Nothing here touches a database."""
