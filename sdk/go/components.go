package weir

/*
#include "glue.h"
*/
import "C"

import "unsafe"

// Traits are what depends on the options: fields that differ from their defaults. Of what they mean, and the constants, weir_traits of
// weir.h is the manual.
type Traits struct{ raw *C.struct_weir_traits }

// Scope chain (0), or run (1): it must see all rows of the run.
func (t *Traits) Scope(scope int32) { t.raw.scope = C.int32_t(scope) }

// Ordered says that batches must come in the order of their split.
func (t *Traits) Ordered() { t.raw.ordered = 1 }

// KeepsRows says that output row i is always input row i.
func (t *Traits) KeepsRows() { t.raw.keeps_rows = 1 }

// Rows says what a transformer may do to the number of rows: 1 multiply, 2 merge.
func (t *Traits) Rows(rows int32) { t.raw.rows = C.int32_t(rows) }

// ManyInputs says that one instance takes several inputs.
func (t *Traits) ManyInputs() { t.raw.many_inputs = 1 }

// ReplayExact says that the same rows come again; Redelivery that what was not acknowledged does, in any order.
func (t *Traits) ReplayExact() { t.raw.replay = C.WEIR_REPLAY_EXACT }
func (t *Traits) Redelivery()  { t.raw.replay = C.WEIR_REPLAY_REDELIVERY }

// Atomic and TwoPhase say how a loader commits.
func (t *Traits) Atomic()   { t.raw.commit = C.WEIR_COMMIT_ATOMIC }
func (t *Traits) TwoPhase() { t.raw.commit = C.WEIR_COMMIT_TWO_PHASE }

// MaxInstances in the whole run, at a time; 0: any number.
func (t *Traits) MaxInstances(count uint64) { t.raw.max_instances = C.uint64_t(count) }

// Closer is what any instance may have: it is told that it ends.
type Closer interface{ Close() }

// Transformer gets batches of rows, passes rows on. An instance lives for one schema; calls come one at a time, on any thread.
type Transformer interface {
	// Process handles one batch: every row is pushed, selected, rejected or dropped.
	Process(input uint64, batch *Batch, next *Next) error
}

// FlushReason says why rows that are held back are asked for.
type FlushReason int32

// A checkpoint is due; the last call; nothing more comes on one input.
const (
	FlushBarrier FlushReason = C.WEIR_FLUSH_BARRIER
	FlushEnd     FlushReason = C.WEIR_FLUSH_END
	FlushInput   FlushReason = C.WEIR_FLUSH_INPUT
)

// Flusher is a transformer that holds rows back.
type Flusher interface {
	Flush(input uint64, why FlushReason, next *Next) error
}

// TransformerComponent describes a transformer. What Create makes is a Flusher too, if HoldsRows says so, and a Rememberer, if Remembers does.
type TransformerComponent struct {
	Name      string // as in schema.json
	Traits    func(Config, *Traits) error
	Create    func(context *Context, inputs []Schema, outputs *Outputs) (Transformer, error)
	HoldsRows bool
	Remembers bool
}

func (c TransformerComponent) install(slots *slots, made *C.struct_weir_component) string {
	slot := slotOf(len(slots.transformers))
	slots.transformers = append(slots.transformers, c)
	made.kind, made.table = C.WEIR_KIND_TRANSFORMER, unsafe.Pointer(C.weir_go_transformer(C.int(slot), flag(c.HoldsRows)))
	if c.Remembers {
		C.weir_go_offer_state(made)
	}
	return c.Name
}

// Outcome says what to expect of a reader.
type Outcome int32

// Call again; nothing now, and the deadline has come; nothing more, ever; what comes next has another schema.
const (
	More      Outcome = C.WEIR_READ_MORE
	Idle      Outcome = C.WEIR_READ_IDLE
	End       Outcome = C.WEIR_READ_END
	NewSchema Outcome = C.WEIR_READ_SCHEMA
)

// Reader reads rows of a split.
type Reader interface {
	// Read pushes rows, as a rule one batch. It waits for data no longer than `deadline`, in what next.Now() counts.
	Read(deadline int64, next *Next) (Outcome, error)
}

// Positioned is a reader that tells where it stands: what Open needs to go on from there.
type Positioned interface {
	Position() ([]byte, error)
}

// Acknowledger is a reader whose source may forget what has been committed.
type Acknowledger interface {
	Acknowledge(position []byte) error
}

// Split is a unit of work.
type Split struct {
	ID        string // names it, the same at each plan
	Token     []byte // what Open needs to know; changes when what is in the split does
	Rows      int64  // estimates; 0: unknown
	Bytes     int64
	Unbounded bool
}

// Plan takes a plan. Lent for one call.
type Plan struct{ raw *C.struct_weir_plan }

// Add tells a split that exists; one that is known already is no news.
func (p *Plan) Add(split Split) error {
	id, idLength := first(split.ID)
	token, tokenLength := firstByte(split.Token)
	estimate := func(number int64) C.int64_t {
		if number == 0 {
			return -1
		}
		return C.int64_t(number)
	}
	return passed(C.weir_go_add_split(p.raw, id, idLength, token, tokenLength, estimate(split.Rows), estimate(split.Bytes),
		flag(split.Unbounded)))
}

// Remove tells a split that is gone.
func (p *Plan) Remove(id string) error {
	i, length := first(id)
	return passed(C.weir_go_remove_split(p.raw, i, length))
}

// State tells what the next plan should know.
func (p *Plan) State(state []byte) error {
	s, length := firstByte(state)
	return passed(C.weir_go_plan_state(p.raw, s, length))
}

// ExtractorComponent describes an extractor. Its readers are Positioned, if TellsPosition says so.
type ExtractorComponent struct {
	Name   string
	Traits func(Config, *Traits) error
	// Plan finds splits; true: ask again later, there may be more. `state` is what the last plan left.
	Plan func(context *Context, state []byte, plan *Plan) (bool, error)
	Open func(context *Context, split Split, position []byte, outputs *Outputs) (Reader, error)
	// OpenWanted, if it can read less than all (weir.pushdown/1), opens a split as Open does, for what is wanted of each of its streams.
	OpenWanted    func(context *Context, split Split, position []byte, wanted []Wanted, outputs *Outputs) (Reader, error)
	TellsPosition bool
}

func (c ExtractorComponent) install(slots *slots, made *C.struct_weir_component) string {
	slot := slotOf(len(slots.extractors))
	slots.extractors = append(slots.extractors, c)
	made.kind, made.table = C.WEIR_KIND_EXTRACTOR, unsafe.Pointer(C.weir_go_extractor(C.int(slot), flag(c.TellsPosition)))
	if c.OpenWanted != nil {
		C.weir_go_offer_pushdown(made, C.int(slot))
	}
	return c.Name
}

// Receipt is what the destination says it has got of one input; -1: it does not say.
type Receipt struct{ raw *C.struct_weir_receipt }

// Rows accepted; inserted, updated and deleted, as the destination tells them; bytes as stored; the checksum that it gives.
func (r Receipt) Rows(count int64)  { r.raw.rows = C.int64_t(count) }
func (r Receipt) Bytes(count int64) { r.raw.bytes = C.int64_t(count) }
func (r Receipt) Changes(inserted, updated, deleted int64) {
	r.raw.inserted, r.raw.updated, r.raw.deleted = C.int64_t(inserted), C.int64_t(updated), C.int64_t(deleted)
}
func (r Receipt) Checksum(text string) { fillText(r.raw.checksum[:], text) }

// Writer writes rows into the current epoch.
type Writer interface {
	// Write writes rows. Of `next` only Reject is of use: for rows that the destination refuses.
	Write(input uint64, batch *Batch, next *Next) error
	// Prepare ends the epoch. Two-phase: everything is durable and invisible, what the committer needs goes to `committable`; atomic: all is
	// in the open transaction; neither: all is delivered. A receipt for each input says what came back from the destination.
	Prepare(epoch uint64, committable *Sink, receipts []Receipt) error
}

// AtomicWriter makes rows and the token (run, link, lane, epoch, fence) visible in one step.
type AtomicWriter interface {
	Commit(epoch uint64) error
}

// Committer publishes what writers prepared: they may be gone, in another process. Two-phase.
type Committer interface {
	// Commit publishes exactly these. Idempotent.
	Commit(epoch uint64, committables [][]byte, published *Sink) error
	// Abort discards what was made in epochs >= `epoch`, the listed and any other trace.
	Abort(epoch uint64, committables [][]byte) error
}

// AtomicCommitter is an atomic loader's.
type AtomicCommitter interface {
	// LastCommitted gives the last epoch of this lane that the destination holds; 0 for none.
	LastCommitted() (uint64, error)
}

// Finisher is a committer that ends the run, once all has been published.
type Finisher interface {
	Finish(complete bool, published [][]byte) error
}

// LoaderComponent describes a loader. OpenCommitter makes a Committer, or, if Atomic says so, an AtomicCommitter, and a Finisher, if
// Finishes does; without it rows may come twice after a crash.
type LoaderComponent struct {
	Name          string
	Traits        func(Config, *Traits) error
	Open          func(context *Context, inputs []Schema, stored *Outputs) (Writer, error)
	OpenCommitter func(context *Context) (any, error)
	Atomic        bool
	Finishes      bool
}

func (c LoaderComponent) install(slots *slots, made *C.struct_weir_component) string {
	slot := slotOf(len(slots.loaders))
	slots.loaders = append(slots.loaders, c)
	table := C.weir_go_loader(C.int(slot), flag(c.OpenCommitter != nil), flag(c.Atomic), flag(c.Finishes))
	made.kind, made.table = C.WEIR_KIND_LOADER, unsafe.Pointer(table)
	return c.Name
}

// Sniff is what an input may be told by: the object's name, its content type (either may be empty), the first 4 KiB.
type Sniff struct {
	Name        string
	ContentType string
	Head        []byte
}

// Encoder writes rows as bytes.
type Encoder interface {
	Encode(batch *Batch, next *Next) error
	// End writes what a file ends with.
	End() error
}

// EncoderFlusher is an encoder after whose Flush more rows may follow: then a file goes on after a checkpoint.
type EncoderFlusher interface {
	Flush() error
}

// FormatComponent describes a format: how rows are read (OpenReader), and written (OpenEncoder); nil where it can't. Input and output
// are the instance's as long as it is.
type FormatComponent struct {
	Name       string
	Sniff      func(found Sniff) int // how sure it is that an input is its own, 0 to 100
	OpenReader func(context *Context, input *Input, position []byte, outputs *Outputs) (Reader, error)
	// OpenReaderWanted, if it can read less than all (weir.pushdown/1), does as OpenReader, for what is wanted of the rows.
	OpenReaderWanted func(context *Context, input *Input, position []byte, wanted Wanted, outputs *Outputs) (Reader, error)
	OpenEncoder      func(context *Context, input Schema, stored *Outputs, output *Output) (Encoder, error)
	Flushes          bool
}

func (c FormatComponent) install(slots *slots, made *C.struct_weir_component) string {
	slot := slotOf(len(slots.formats))
	slots.formats = append(slots.formats, c)
	table := C.weir_go_format(C.int(slot), flag(c.OpenReader != nil), flag(c.OpenEncoder != nil), flag(c.Flushes))
	made.kind, made.table = C.WEIR_KIND_FORMAT, unsafe.Pointer(table)
	if c.OpenReaderWanted != nil {
		C.weir_go_offer_pushdown(made, C.int(slot))
	}
	return c.Name
}

func flag(yes bool) C.int {
	if yes {
		return 1
	}
	return 0
}

// Input is a run of bytes to read.
type Input struct{ raw *C.struct_weir_input }

// Length in bytes; -1: not known until the end.
func (i *Input) Length() int64 { return int64(i.raw.length) }

// Read reads up to the buffer's length from where the last Read ended, waiting no longer than `deadline`.
func (i *Input) Read(buffer []byte, deadline int64) (int, Outcome, error) {
	var got C.uint64_t
	var outcome C.int32_t
	problem := C.struct_weir_error{size: C.sizeof_struct_weir_error, row: -1, offset: -1}
	b, capacity := firstByte(buffer)
	status := C.weir_go_input_read(i.raw, C.int64_t(deadline), b, capacity, &got, &outcome, &problem)
	return int(got), Outcome(outcome), told(status, &problem)
}

// Output is a run of bytes to write.
type Output struct{ raw *C.struct_weir_output }

// Written is how many bytes stand already: with more than 0 the output goes on after a restart, and needs no second head.
func (o *Output) Written() int64 { return int64(o.raw.written) }

// Write appends.
func (o *Output) Write(bytes []byte) error {
	problem := C.struct_weir_error{size: C.sizeof_struct_weir_error, row: -1, offset: -1}
	b, length := firstByte(bytes)
	return told(C.weir_go_output_write(o.raw, b, length, &problem), &problem)
}
