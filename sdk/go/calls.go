package weir

/*
#include "glue.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime/cgo"
	"sync/atomic"
	"unsafe"
)

// An instance as the host holds it: by C's memory with the handle of this.
type instance struct {
	value     any
	host      *C.struct_weir_host
	schemas   []Schema
	cancelled int32
}

// Gives the host what create() and open() make.
func handOver(out *unsafe.Pointer, host *C.struct_weir_host, schemas []Schema, value any) {
	self := (*cgo.Handle)(C.malloc(C.size_t(unsafe.Sizeof(cgo.Handle(0)))))
	*self = cgo.NewHandle(&instance{value: value, host: host, schemas: schemas})
	*out = unsafe.Pointer(self)
}

func instanceOf(self unsafe.Pointer) *instance { return (*(*cgo.Handle)(self)).Value().(*instance) }

func (i *instance) next(raw *C.struct_weir_next) *Next { return &Next{raw, i.host, &i.cancelled} }

func (i *instance) batch(input C.uint64_t, raw *C.struct_weir_batch) (*Batch, error) {
	if uint64(input) >= uint64(len(i.schemas)) {
		return nil, fmt.Errorf("expected one of %d inputs, found input %d", len(i.schemas), uint64(input))
	}
	return &Batch{raw, i.schemas[input]}, nil
}

var errMissing = errors.New("expected the instance to have the function that its component says it has, found none")

//export goClose
func goClose(self unsafe.Pointer) {
	atEdge(nil, func() error {
		handle := *(*cgo.Handle)(self)
		C.free(self)
		defer handle.Delete()
		if closer, closes := handle.Value().(*instance).value.(Closer); closes {
			closer.Close()
		}
		return nil
	})
}

//export goCancel
func goCancel(self unsafe.Pointer) { atomic.StoreInt32(&instanceOf(self).cancelled, 1) }

//export goTraits
func goTraits(kind, slot C.int32_t, config *C.struct_weir_config, traits *C.struct_weir_traits, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		var tell func(Config, *Traits) error
		switch kind {
		case C.WEIR_KIND_TRANSFORMER:
			tell = installed.transformers[slot].Traits
		case C.WEIR_KIND_EXTRACTOR:
			tell = installed.extractors[slot].Traits
		case C.WEIR_KIND_LOADER:
			tell = installed.loaders[slot].Traits
		}
		if tell == nil {
			return nil
		}
		return tell(Config{config}, &Traits{traits})
	})
}

//export goCreate
func goCreate(slot C.int32_t, context *C.struct_weir_context, inputs **C.struct_ArrowSchema, count C.uint64_t,
	outputs *C.struct_weir_schema_sink, self *unsafe.Pointer, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		schemas := readSchemas(inputs, count)
		made, err := installed.transformers[slot].Create(&Context{context}, schemas, &Outputs{outputs})
		if err == nil {
			handOver(self, context.host, schemas, made)
		}
		return err
	})
}

//export goProcess
func goProcess(self unsafe.Pointer, input C.uint64_t, batch *C.struct_weir_batch, next *C.struct_weir_next,
	out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		i := instanceOf(self)
		rows, err := i.batch(input, batch)
		if err != nil {
			return err
		}
		return i.value.(Transformer).Process(uint64(input), rows, i.next(next))
	})
}

//export goFlush
func goFlush(self unsafe.Pointer, input C.uint64_t, why C.int32_t, next *C.struct_weir_next, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		i := instanceOf(self)
		if flusher, flushes := i.value.(Flusher); flushes {
			return flusher.Flush(uint64(input), FlushReason(why), i.next(next))
		}
		return errMissing
	})
}

//export goPlan
func goPlan(slot C.int32_t, context *C.struct_weir_context, state C.struct_weir_bytes, plan *C.struct_weir_plan, more *C.int32_t,
	out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		again, err := installed.extractors[slot].Plan(&Context{context}, bytesOf(state), &Plan{plan})
		*more = C.int32_t(flag(again))
		return err
	})
}

//export goOpenSplit
func goOpenSplit(slot C.int32_t, context *C.struct_weir_context, split *C.struct_weir_split, position C.struct_weir_bytes,
	schema *C.struct_weir_schema_sink, self *unsafe.Pointer, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		work := Split{ID: text(split.id), Token: bytesOf(split.token)}
		made, err := installed.extractors[slot].Open(&Context{context}, work, bytesOf(position), &Outputs{schema})
		if err == nil {
			handOver(self, context.host, nil, made)
		}
		return err
	})
}

//export goRead
func goRead(self unsafe.Pointer, deadline C.int64_t, next *C.struct_weir_next, outcome *C.int32_t, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		i := instanceOf(self)
		what, err := i.value.(Reader).Read(int64(deadline), i.next(next))
		if err == nil {
			*outcome = C.int32_t(what)
		}
		return err
	})
}

//export goPosition
func goPosition(self unsafe.Pointer, sink *C.struct_weir_sink, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		positioned, tells := instanceOf(self).value.(Positioned)
		if !tells {
			return errMissing
		}
		position, err := positioned.Position()
		if err != nil {
			return err
		}
		return (&Sink{sink}).Put(position)
	})
}

//export goAcknowledge
func goAcknowledge(self unsafe.Pointer, position C.struct_weir_bytes, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		if told, listens := instanceOf(self).value.(Acknowledger); listens {
			return told.Acknowledge(bytesOf(position))
		}
		return nil
	})
}

//export goOpenWriter
func goOpenWriter(slot C.int32_t, context *C.struct_weir_context, inputs **C.struct_ArrowSchema, count C.uint64_t,
	stored *C.struct_weir_schema_sink, self *unsafe.Pointer, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		schemas := readSchemas(inputs, count)
		made, err := installed.loaders[slot].Open(&Context{context}, schemas, &Outputs{stored})
		if err == nil {
			handOver(self, context.host, schemas, made)
		}
		return err
	})
}

//export goWrite
func goWrite(self unsafe.Pointer, input C.uint64_t, batch *C.struct_weir_batch, next *C.struct_weir_next,
	out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		i := instanceOf(self)
		rows, err := i.batch(input, batch)
		if err != nil {
			return err
		}
		return i.value.(Writer).Write(uint64(input), rows, i.next(next))
	})
}

//export goPrepare
func goPrepare(self unsafe.Pointer, epoch C.uint64_t, committable *C.struct_weir_sink, receipts **C.struct_weir_receipt, count C.uint64_t,
	out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		var lent []Receipt
		for _, receipt := range unsafe.Slice(receipts, int(count)) {
			lent = append(lent, Receipt{receipt})
		}
		return instanceOf(self).value.(Writer).Prepare(uint64(epoch), &Sink{committable}, lent)
	})
}

//export goCommitEpoch
func goCommitEpoch(self unsafe.Pointer, epoch C.uint64_t, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		if writer, commits := instanceOf(self).value.(AtomicWriter); commits {
			return writer.Commit(uint64(epoch))
		}
		return errMissing
	})
}

//export goOpenCommitter
func goOpenCommitter(slot C.int32_t, context *C.struct_weir_context, self *unsafe.Pointer, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		made, err := installed.loaders[slot].OpenCommitter(&Context{context})
		if err == nil {
			handOver(self, context.host, nil, made)
		}
		return err
	})
}

//export goLastCommitted
func goLastCommitted(self unsafe.Pointer, epoch *C.uint64_t, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		committer, tells := instanceOf(self).value.(AtomicCommitter)
		if !tells {
			return errMissing
		}
		last, err := committer.LastCommitted()
		*epoch = C.uint64_t(last)
		return err
	})
}

func items(raw *C.struct_weir_bytes, count C.uint64_t) [][]byte {
	all := make([][]byte, 0, int(count))
	for _, one := range unsafe.Slice(raw, int(count)) {
		all = append(all, bytesOf(one))
	}
	return all
}

//export goPublish
func goPublish(self unsafe.Pointer, epoch C.uint64_t, committables *C.struct_weir_bytes, count C.uint64_t, published *C.struct_weir_sink,
	out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		if committer, publishes := instanceOf(self).value.(Committer); publishes {
			return committer.Commit(uint64(epoch), items(committables, count), &Sink{published})
		}
		return errMissing
	})
}

//export goAbort
func goAbort(self unsafe.Pointer, epoch C.uint64_t, committables *C.struct_weir_bytes, count C.uint64_t,
	out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		if committer, aborts := instanceOf(self).value.(Committer); aborts {
			return committer.Abort(uint64(epoch), items(committables, count))
		}
		return errMissing
	})
}

//export goFinish
func goFinish(self unsafe.Pointer, complete C.int32_t, published *C.struct_weir_bytes, count C.uint64_t,
	out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		if finisher, finishes := instanceOf(self).value.(Finisher); finishes {
			return finisher.Finish(complete != 0, items(published, count))
		}
		return errMissing
	})
}

//export goSniff
func goSniff(slot C.int32_t, found *C.struct_weir_sniff) (sure C.int32_t) {
	atEdge(nil, func() error {
		if sniff := installed.formats[slot].Sniff; sniff != nil {
			sure = C.int32_t(sniff(Sniff{text(found.name), text(found.content_type), bytesOf(found.head)}))
		}
		return nil
	})
	return sure
}

//export goOpenReader
func goOpenReader(slot C.int32_t, context *C.struct_weir_context, input *C.struct_weir_input, position C.struct_weir_bytes,
	schema *C.struct_weir_schema_sink, self *unsafe.Pointer, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		made, err := installed.formats[slot].OpenReader(&Context{context}, &Input{input}, bytesOf(position), &Outputs{schema})
		if err == nil {
			handOver(self, context.host, nil, made)
		}
		return err
	})
}

//export goOpenEncoder
func goOpenEncoder(slot C.int32_t, context *C.struct_weir_context, input *C.struct_ArrowSchema, stored *C.struct_weir_schema_sink,
	output *C.struct_weir_output, self *unsafe.Pointer, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		schema := readSchema(input)
		made, err := installed.formats[slot].OpenEncoder(&Context{context}, schema, &Outputs{stored}, &Output{output})
		if err == nil {
			handOver(self, context.host, []Schema{schema}, made)
		}
		return err
	})
}

//export goEncode
func goEncode(self unsafe.Pointer, batch *C.struct_weir_batch, next *C.struct_weir_next, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		i := instanceOf(self)
		rows, err := i.batch(0, batch)
		if err != nil {
			return err
		}
		return i.value.(Encoder).Encode(rows, i.next(next))
	})
}

//export goEnd
func goEnd(self unsafe.Pointer, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error { return instanceOf(self).value.(Encoder).End() })
}

//export goFlushEncoder
func goFlushEncoder(self unsafe.Pointer, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		if flusher, flushes := instanceOf(self).value.(EncoderFlusher); flushes {
			return flusher.Flush()
		}
		return errMissing
	})
}
