"""Gates of stages: what is missing, what people ticked off, exceptions, and stages that lost what opened them."""
