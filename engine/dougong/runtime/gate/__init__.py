"""The one gate for every write. `write.py` tells the story; the other modules are its steps, in the published order."""
