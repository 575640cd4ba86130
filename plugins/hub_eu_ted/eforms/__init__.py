"""eForms (UBL 2.3), the format of TED since November 2022."""
