"""People: who is meant, what they have to do, what they are told, what they say, and who does it when they are away or gone."""
