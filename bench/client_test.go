package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestClientReadsAnswers: with a length, in chunks, and without a body, one after the other on the same connections.
func TestClientReadsAnswers(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/whole":
			w.Header().Set("Content-Length", "10000")
			_, _ = w.Write(make([]byte, 10000))
		case "/chunks":
			for range 3 {
				_, _ = w.Write(make([]byte, 7000))
				w.(http.Flusher).Flush()
			}
		case "/nothing":
			w.WriteHeader(http.StatusNoContent)
		case "/same":
			w.WriteHeader(http.StatusNotModified)
		default:
			http.NotFound(w, r)
		}
	}))
	defer srv.Close()
	ask := func(paths ...string) (a answers, err error) {
		j, err := json.Marshal(job{Address: strings.TrimPrefix(srv.URL, "http://"), Paths: paths, Conns: 3, Count: 4 * len(paths)})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := beClient(string(j), &out); err != nil {
			return a, err
		}
		return a, json.Unmarshal(out.Bytes(), &a)
	}
	a, err := ask("/whole", "/chunks", "/nothing", "/same")
	if err != nil || a.Requests != 16 || a.Bytes != 4*31000 || a.P50 <= 0 || a.P99 < a.P50 {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := ask("/whole", "/gone"); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("an answer that is none gives %v", err)
	}
}
