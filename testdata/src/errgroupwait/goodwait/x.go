package goodwait
