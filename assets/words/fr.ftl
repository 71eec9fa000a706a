app-name = Guichet
