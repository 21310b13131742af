"""Approvals at work: started, asked, decided, ended; every step in the transaction of whoever takes it."""
