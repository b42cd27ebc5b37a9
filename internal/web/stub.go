package web

func (s *Server) deskRoutes() []Route       { return nil }
func (s *Server) reportRoutes() []Route     { return nil }
func (s *Server) verifyRoutes() []Route     { return nil }
func (s *Server) memorandumRoutes() []Route { return nil }
func (s *Server) journalRoutes() []Route    { return nil }
func (s *Server) unitRoutes() []Route       { return nil }
