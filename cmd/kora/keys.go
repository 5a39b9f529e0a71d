package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kora"
	"kora/store"
	"kora/vault"
)

// contactAge is how long a contact is kept after the last step of its intent. The consent text promises it.
const contactAge = 24 * 30 * 24 * time.Hour

func keysetFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "keyset", os.Getenv("KORA_KEYSET"),
		"file with the keys to personal data, outside the data folder and its backups (KORA_KEYSET; default keyset.json in a folder beside the data folder, named like it with -keys)")
}

func keysCommand(o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Change the keys to personal data",
	}
	var keyset string
	var destroy bool
	rotate := &cobra.Command{
		Use:   "rotate",
		Short: "Lock all contacts by a new key",
		Long: `Lock all contacts by a new key, and disable the former ones.

Former keys stay in the file, disabled. With --destroy they are taken out of it: what is in older backups of the database
can then never be read again, neither the contacts that were deleted since nor those that were not. A Kora that is running
follows the file by itself; where several machines have copies of it, stop the others first and copy it to them.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return rotateKeys(cmd.Context(), o, keyset, destroy)
		},
	}
	keysetFlag(rotate, &keyset)
	rotate.Flags().BoolVar(&destroy, "destroy", false, "take former keys out of the file")
	cmd.AddCommand(rotate)
	return cmd
}

// keysetFile is where the keys are: never in the data folder, which is copied as a whole.
func keysetFile(dir, file string) (string, error) {
	data, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the keyset: %w", err)
	}
	if file == "" {
		return filepath.Join(data+"-keys", "keyset.json"), nil
	}
	if file, err = filepath.Abs(file); err != nil {
		return "", fmt.Errorf("find the keyset: %w", err)
	}
	if strings.HasPrefix(file, data+string(filepath.Separator)) {
		return "", fmt.Errorf("the keyset %s lies in the data folder: whoever copies that would have the contacts and the keys to them; choose another place", file)
	}
	return file, nil
}

// openVault gives the keys to contacts, and makes them when nothing has ever been locked. Without the right ones the map is
// served all the same, and intents are not taken: it gives nil then.
func (s *server) openVault(ctx context.Context, rec *store.Store) *vault.Vault {
	v, file, err := findVault(ctx, s.dir, s.keyset, rec)
	if err != nil {
		s.log.Error("intents are not taken", "keyset", file, "error", err)
		return nil
	}
	s.say.line("keys to personal data, to be backed up apart from it: %s", file)
	return v
}

func findVault(ctx context.Context, dir, keyset string, rec *store.Store) (v *vault.Vault, file string, err error) {
	if file, err = keysetFile(dir, keyset); err != nil {
		return nil, keyset, err
	}
	v, err = vault.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		locked, asked := rec.HasContacts(ctx)
		if asked != nil {
			return nil, file, asked
		}
		if locked {
			return nil, file, fmt.Errorf("the record has contacts under lock, and the keys to them are missing: %w; bring the file back", err)
		}
		if v, err = vault.Create(file); errors.Is(err, fs.ErrExist) { // another node was first
			v, err = vault.Open(file)
		}
	}
	if err != nil {
		return nil, file, err
	}
	print, err := v.Fingerprint()
	if err != nil {
		return nil, file, err
	}
	return v, file, rec.ClaimKeyset(ctx, print)
}

// rotateKeys wraps every data key by a new key. The former ones stay enabled until nothing needs them any more.
func rotateKeys(ctx context.Context, o *options, keyset string, destroy bool) error {
	file, err := keysetFile(o.dir, keyset)
	if err != nil {
		return err
	}
	v, err := vault.Open(file)
	if err != nil {
		return err
	}
	rec, err := o.openRecord(ctx, true)
	if err != nil {
		return interrupted(ctx, err)
	}
	defer rec.close(o)
	print, err := v.Fingerprint()
	if err != nil {
		return err
	}
	if err := rec.ClaimKeyset(ctx, print); err != nil {
		return err
	}
	if err := v.Rotate(); err != nil {
		return err
	}
	n := 0
	for range 2 { // again for what was locked by the former key in between
		n, err = rec.RewrapContacts(ctx, func(intent string, key []byte) ([]byte, error) { return v.Rewrap(kora.IntentSubject(intent), key) })
		if err != nil {
			return err
		}
	}
	retired, err := v.Retire(destroy)
	if err != nil {
		return err
	}
	o.say.line("contacts locked by a new key: %d; former keys retired: %d", n, retired)
	return nil
}

// forgetContacts deletes who submitted the intents with which nothing has been done for contactAge.
func forgetContacts(ctx context.Context, rec *store.Store) error {
	idle, err := rec.IdleIntents(ctx, contactAge)
	if err != nil {
		return err
	}
	for _, number := range idle {
		if _, err := rec.EraseIntent(ctx, number, kora.IntentEvent{Who: "kora"}, kora.IntentEvent{Who: "kora"}); err != nil {
			return err
		}
	}
	return nil
}

func proxiesOf(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// networks reads addresses and networks such as 10.0.0.0/8.
func networks(list []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, err := netip.ParseAddr(s)
			if err != nil {
				return nil, fmt.Errorf("--trusted-proxy %q is no address or network such as 10.1.2.0/24", s)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		all = append(all, p)
	}
	return all, nil
}
