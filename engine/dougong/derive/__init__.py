"""Pure functions of the model: what runs is derived here, once per release."""
