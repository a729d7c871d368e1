package goodtypes
