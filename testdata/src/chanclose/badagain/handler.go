package badagain

import "net/http"

// A Handler ends the process on request.
type Handler struct {
	quit  chan struct{}
	drain chan struct{}
}

func NewHandler() (*Handler, http.Handler) {
	h := &Handler{quit: make(chan struct{}), drain: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/quit", h.doQuit)
	mux.HandleFunc("/drain", h.doDrain)
	return h, mux
}

func (h *Handler) Quit() <-chan struct{} { return h.quit }

func (h *Handler) doQuit(w http.ResponseWriter, r *http.Request) {
	close(h.quit) // want `close of h\.quit for each request: the second one panics`
}

func (h *Handler) doDrain(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "POST, please", http.StatusMethodNotAllowed)
		return
	}
	if r.Header.Get("Confirm") == "yes" {
		close(h.drain) // want `close of h\.drain for each request`
	}
}
