package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kora/store/cluster/clustertest"
)

const intentForm = `{"company":"示例公司","name":"示例","phone":"13800000000","industry":"C","consent":"2026-11","project":"p"}`

func (r *running) submit(t *testing.T, form string) (status int, number, secret string) {
	t.Helper()
	res, err := http.Post(r.url+"/v1/intents", "application/json", strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var receipt struct{ Number, Secret string }
	if err := json.NewDecoder(res.Body).Decode(&receipt); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, receipt.Number, receipt.Secret
}

func (r *running) intent(t *testing.T, number, secret string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+"/v1/intents/"+number, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Kora-Secret", secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// TestKeysLieBesideTheData takes an intent, rotates its key while Kora runs, and starts again with the wrong keys, with none,
// and with the right ones.
func TestKeysLieBesideTheData(t *testing.T) {
	database := clustertest.Database(t)
	dir := filepath.Join(t.TempDir(), "data")
	file := filepath.Join(dir+"-keys", "keyset.json")
	args := []string{"--data", dir, "--database-url", database, "--no-sample", "--keyset", file}
	serve := func(do func(r *running)) {
		t.Helper()
		r := start(t, args...)
		do(r)
		r.stop()
		if status := <-r.status; status != 0 {
			t.Errorf("stopped with status %d\n%s", status, r.log)
		}
	}
	if got, err := keysetFile(dir, ""); err != nil || got != file {
		t.Errorf("by default the keys lie in %s (%v), not in %s", got, err, file)
	}
	var number, secret string
	serve(func(r *running) {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("the keyset: %v %v", info, err)
		}
		var status int
		if status, number, secret = r.submit(t, intentForm); status != http.StatusCreated {
			t.Fatal(status)
		}
		for _, more := range [][]string{nil, {"--destroy"}} {
			var out bytes.Buffer
			if status := run(t.Context(), append([]string{"keys", "rotate", "--data", dir, "--database-url", database, "--keyset", file}, more...), &out, &out); status != 0 ||
				!strings.Contains(out.String(), "contacts locked by a new key: 1") {
				t.Errorf("rotation: %d\n%s", status, &out)
			}
			if status, body := r.intent(t, number, secret); status != http.StatusOK || !strings.Contains(body, "138****0000") {
				t.Errorf("after rotation: %d %s", status, body)
			}
		}
	})
	right, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	refuses := func(r *running) {
		t.Helper()
		if status, _, _ := r.submit(t, intentForm); status != http.StatusServiceUnavailable {
			t.Errorf("an intent: %d", status)
		}
		if status, _ := r.get(t, "/v1/stations"); status != http.StatusOK {
			t.Errorf("the map: %d", status)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	serve(refuses)
	if _, err := os.Stat(file); err == nil {
		t.Error("new keys were made for contacts that are locked by others")
	}
	other := filepath.Join(t.TempDir(), "keyset.json")
	args[len(args)-1] = other
	serve(func(r *running) { refuses(r) })
	args[len(args)-1] = filepath.Join(dir, "keyset.json")
	serve(refuses) // keys in the data folder are refused
	args[len(args)-1] = file
	if err := os.WriteFile(file, right, 0o600); err != nil {
		t.Fatal(err)
	}
	serve(func(r *running) {
		if status, body := r.intent(t, number, secret); status != http.StatusOK || !strings.Contains(body, "138****0000") {
			t.Errorf("with the right keys again: %d %s", status, body)
		}
		if status, again, _ := r.submit(t, intentForm); status != http.StatusOK || again != number {
			t.Errorf("the same form: %d %s", status, again)
		}
	})
}
