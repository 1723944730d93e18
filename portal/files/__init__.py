"""Bytes in, plain values out: archives, workbooks, pictures, storage."""
