package goodagain

import (
	"net/http"
	"os"
	"sync"
	"sync/atomic"
)

// A Handler closes once, whatever comes.
type Handler struct {
	mu    sync.Mutex
	once  sync.Once
	asked atomic.Bool
	gone  bool
	quit  chan struct{}
	subs  map[string]chan struct{}
}

func NewHandler() (*Handler, http.Handler) {
	h := &Handler{quit: make(chan struct{}), subs: make(map[string]chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/once", h.doOnce)
	mux.HandleFunc("/select", h.doSelect)
	mux.HandleFunc("/flag", h.doFlag)
	mux.HandleFunc("/swap", h.doSwap)
	mux.HandleFunc("/exit", h.doExit)
	mux.HandleFunc("/end", h.doEnd)
	mux.HandleFunc("/first", h.doFirst)
	return h, mux
}

func (h *Handler) doOnce(w http.ResponseWriter, r *http.Request) {
	h.once.Do(func() { close(h.quit) })
}

func (h *Handler) doSelect(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-h.quit:
	default:
		close(h.quit)
	}
}

func (h *Handler) doFlag(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.gone {
		h.gone = true
		close(h.quit)
	}
}

func (h *Handler) doSwap(w http.ResponseWriter, r *http.Request) {
	if h.asked.Swap(true) {
		http.Error(w, "asked already", http.StatusConflict)
		return
	}
	close(h.quit)
}

func (h *Handler) doExit(w http.ResponseWriter, r *http.Request) {
	close(h.quit)
	os.Exit(0)
}

// doEnd ends a subscription, which belongs to the request.
func (h *Handler) doEnd(w http.ResponseWriter, r *http.Request) {
	s := newSession()
	defer s.wait()
	close(s.done)
}

// first reports whether it is called for the first time.
func (h *Handler) first(r *http.Request) bool { return h.asked.CompareAndSwap(false, true) }

func (h *Handler) doFirst(w http.ResponseWriter, r *http.Request) {
	if h.first(r) {
		close(h.quit)
	}
}

type session struct{ done chan struct{} }

func newSession() *session { return &session{make(chan struct{})} }

func (s *session) wait() { <-s.done }
