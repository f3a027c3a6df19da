"""Nothing is here: where Python would keep the bytecode of this module, `kept_code` keeps its file.

pip knows such a file of each module, and removes it with the others. Nobody imports this one: then
Python writes what is here in the place of that file, and the next command has to write it anew.
"""
