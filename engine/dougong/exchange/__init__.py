"""Tables of other programs come in: CSV and XLSX files become records through the write gate, refused rows come back as a file."""
