package main

import (
	"os"
	"path/filepath"
	"testing"

	"weir"
	"weir/weirtest"
)

func TestLinesGetTheirNameByTheCommit(t *testing.T) {
	folder := t.TempDir()
	options := weirtest.Options{"/folder": folder, "/column": "message"}
	columns := weir.Schema{Fields: []weir.Field{{Name: "message", Format: "u"}}}
	outcome, err := weirtest.Load("{{name}}", options, columns, []any{"first"}, []any{nil}, []any{"second"})
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*"))
	text, err := os.ReadFile(filepath.Join(folder, "run-1-lane-1.txt"))
	if err != nil || string(text) != "first\nsecond\n" || len(files) != 1 {
		t.Fatalf("expected one file of two lines, found %v, %q, %v", files, text, err)
	}
	if outcome.Stored != 2 || len(outcome.Rejected) != 1 || outcome.Rejected[0].Row != 1 {
		t.Fatalf("expected 2 rows stored and the null rejected, found %+v", outcome)
	}
}

func TestAnEpochThatIsAbortedLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{".run-lane-1.txt", ".run-lane-2.txt", ".run-other-2.txt", "run-lane-2.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := (&publisher{place{folder, ".run-lane-"}}).Abort(2, nil); err != nil {
		t.Fatal(err)
	}
	entries, _ := os.ReadDir(folder)
	if _, err := os.Stat(filepath.Join(folder, ".run-lane-2.txt")); !os.IsNotExist(err) || len(entries) != 3 {
		t.Fatalf("expected only the staged file of epoch 2 to be gone, found %v", entries)
	}
}
