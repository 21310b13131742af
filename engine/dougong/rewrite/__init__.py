"""`dougong fmt`: definitions rewritten in place, sentences into long forms and back, comments and blank lines kept."""
