package badholder

// Drain waits for all tasks that were put into the background.
func Drain() {
	background.Wait()
}

// Close drains the server.
func (s *Server) Close() {
	Drain()
}
