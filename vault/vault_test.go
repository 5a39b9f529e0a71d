package vault_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"kora/vault"
)

func create(t *testing.T) (*vault.Vault, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "keys", "keyset.json")
	v, err := vault.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	return v, file
}

func open(t *testing.T, file string) *vault.Vault {
	t.Helper()
	v, err := vault.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// must gives the bytes of a call that must not fail.
func must(t *testing.T) func([]byte, error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

func TestLockedIsUnlockedOnlyInItsPlace(t *testing.T) {
	v, file := create(t)
	key := must(t)(v.NewKey("intent/1"))
	text := []byte("示例 13800000000")
	locked := must(t)(v.Lock("intent/1", "contact", key, text))
	if bytes.Contains(locked, []byte("1380")) || bytes.Contains(key, []byte("1380")) {
		t.Error("what is locked can be read")
	}
	if got := must(t)(open(t, file).Unlock("intent/1", "contact", key, locked)); !bytes.Equal(got, text) {
		t.Errorf("unlocked %q", got)
	}
	other := must(t)(v.NewKey("intent/2"))
	stranger, _ := create(t)
	for name, try := range map[string]func() ([]byte, error){
		"another subject":   func() ([]byte, error) { return v.Unlock("intent/2", "contact", key, locked) },
		"another part":      func() ([]byte, error) { return v.Unlock("intent/1", "note", key, locked) },
		"another data key":  func() ([]byte, error) { return v.Unlock("intent/1", "contact", other, locked) },
		"its key elsewhere": func() ([]byte, error) { return v.Unlock("intent/2", "contact", other, locked) },
		"another keyset":    func() ([]byte, error) { return stranger.Unlock("intent/1", "contact", key, locked) },
		"a changed byte": func() ([]byte, error) {
			return v.Unlock("intent/1", "contact", key, append(bytes.Clone(locked[:len(locked)-1]), locked[len(locked)-1]^1))
		},
		"a key cut off":        func() ([]byte, error) { return v.Unlock("intent/1", "contact", key[:len(key)-1], locked) },
		"no key":               func() ([]byte, error) { return v.Unlock("intent/1", "contact", nil, locked) },
		"locking by no key":    func() ([]byte, error) { return v.Lock("intent/1", "contact", nil, text) },
		"rewrapping a wrong":   func() ([]byte, error) { return v.Rewrap("intent/2", key) },
		"rewrapping of others": func() ([]byte, error) { return stranger.Rewrap("intent/1", key) },
	} {
		if _, err := try(); err == nil {
			t.Errorf("%s: it was let through", name)
		} else if bytes.Contains([]byte(err.Error()), text) {
			t.Errorf("%s: the error tells the text: %v", name, err)
		}
	}
}

func TestFileIsItsOwnersOnly(t *testing.T) {
	_, file := create(t)
	for path, want := range map[string]fs.FileMode{file: 0o600, filepath.Dir(file): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v (%v)", path, info.Mode(), err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
		t.Errorf("beside the file: %v", left)
	}
	if _, err := vault.Create(file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("keys were made over others: %v", err)
	}
	if _, err := vault.Open(file + ".none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(file); err == nil {
		t.Error("a file that anybody may read was taken")
	}
	for name, content := range map[string]string{"empty": "", "other": "{}", "half": `{"wrap":{"primaryKeyId":1},"index":{}}`} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Open(path); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestSeveralCreateOneFile: all of them must hold the same keys in the end.
func TestSeveralCreateOneFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keyset.json")
	var made sync.WaitGroup
	prints := make([][]byte, 8)
	for i := range prints {
		made.Go(func() {
			v, err := vault.Create(file)
			if errors.Is(err, fs.ErrExist) {
				v, err = vault.Open(file)
			}
			if err != nil {
				t.Error(err)
				return
			}
			prints[i], err = v.Fingerprint()
			if err != nil {
				t.Error(err)
			}
		})
	}
	made.Wait()
	for _, p := range prints {
		if len(p) == 0 || !bytes.Equal(p, prints[0]) {
			t.Errorf("keys differ: %x", prints)
		}
	}
}

func TestIndex(t *testing.T) {
	v, file := create(t)
	stranger, _ := create(t)
	index := must(t)(v.Index("phone", "13800000000"))
	if again := must(t)(open(t, file).Index("phone", "13800000000")); !bytes.Equal(again, index) {
		t.Error("the same number has another index")
	}
	for name, other := range map[string][]byte{
		"number": must(t)(v.Index("phone", "13800000001")), "kind": must(t)(v.Index("content", "13800000000")),
		"keyset": must(t)(stranger.Index("phone", "13800000000")),
	} {
		if bytes.Equal(other, index) {
			t.Errorf("another %s has the same index", name)
		}
	}
}

// TestRotation goes through Tink's order: a new key, everything wrapped anew, the old one disabled, then destroyed. Another
// process, which has the old file in memory, goes along.
func TestRotation(t *testing.T) {
	v, file := create(t)
	beside := open(t, file)
	key := must(t)(v.NewKey("s"))
	locked := must(t)(v.Lock("s", "p", key, []byte("text")))
	before := must(t)(v.Fingerprint())

	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	again := must(t)(beside.Rewrap("s", key))
	for name, k := range map[string][]byte{"old": key, "new": again} {
		for _, who := range []*vault.Vault{v, beside, open(t, file)} {
			if got, err := who.Unlock("s", "p", k, locked); err != nil || string(got) != "text" {
				t.Errorf("%s key after rotation: %q %v", name, got, err)
			}
		}
	}
	for _, destroy := range []bool{false, true} {
		if n, err := v.Retire(destroy); err != nil || n != 1 {
			t.Fatalf("retired %d, %v", n, err)
		}
		if _, err := beside.Unlock("s", "p", key, locked); err == nil {
			t.Error("a retired key opens")
		}
		if got, err := beside.Unlock("s", "p", again, locked); err != nil || string(got) != "text" {
			t.Errorf("the new key after retirement: %q %v", got, err)
		}
	}
	if after := must(t)(open(t, file).Fingerprint()); !bytes.Equal(before, after) {
		t.Error("rotation changed the fingerprint")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("after rotation: %v %v", info.Mode(), err)
	}
	// Whoever has read the keys goes on when the file is away for a moment.
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	if got, err := beside.Unlock("s", "p", again, locked); err != nil || string(got) != "text" {
		t.Errorf("without the file: %q %v", got, err)
	}
}

func BenchmarkUnlock(b *testing.B) {
	v, err := vault.Create(filepath.Join(b.TempDir(), "keyset.json"))
	if err != nil {
		b.Fatal(err)
	}
	key, _ := v.NewKey("s")
	locked, _ := v.Lock("s", "p", key, []byte("a contact of about two hundred bytes"))
	for b.Loop() {
		if _, err := v.Unlock("s", "p", key, locked); err != nil {
			b.Fatal(err)
		}
	}
}
