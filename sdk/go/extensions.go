package weir

/*
#include "glue.h"
*/
import "C"

import "unsafe"

// Item is a key and its value, of what a transformer remembers.
type Item struct{ Key, Value []byte }

// Rememberer is a transformer whose memory the host keeps from one checkpoint to the next: weir.state/1.
type Rememberer interface {
	// Snapshot tells what changed since the last one that returned nil, each key once.
	Snapshot(changes *Changes) error
	// Restore takes items back, right after Create: in any order, some a call; `last` with the last, which may have none.
	Restore(items []Item, last bool) error
}

// Changes takes what an instance remembers. Lent for one call.
type Changes struct{ raw *C.struct_weir_state_sink }

// Put tells an item, anew or in place of what it was: a key of at most 1 KiB, a value of at most 16 MiB.
func (c *Changes) Put(key, value []byte) error {
	k, keyLength := firstByte(key)
	v, valueLength := firstByte(value)
	return passed(C.weir_go_put_item(c.raw, k, keyLength, v, valueLength))
}

// Remove tells an item that is gone.
func (c *Changes) Remove(key []byte) error {
	k, length := firstByte(key)
	return passed(C.weir_go_remove_item(c.raw, k, length))
}

//export goSnapshot
func goSnapshot(self unsafe.Pointer, changes *C.struct_weir_state_sink, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		if remembers, does := instanceOf(self).value.(Rememberer); does {
			return remembers.Snapshot(&Changes{changes})
		}
		return errMissing
	})
}

//export goRestore
func goRestore(self unsafe.Pointer, keys, values *C.struct_weir_bytes, count C.uint64_t, last C.int32_t, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		remembers, does := instanceOf(self).value.(Rememberer)
		if !does {
			return errMissing
		}
		items := make([]Item, int(count))
		for i := range items {
			items[i] = Item{bytesOf(unsafe.Slice(keys, int(count))[i]), bytesOf(unsafe.Slice(values, int(count))[i])}
		}
		return remembers.Restore(items, last != 0)
	})
}

// Reserved is memory of the component's own that is in no batch (a map), counted by the host: weir.memory/1. A host without it counts
// nothing. The instance whose context made it releases it when it is closed.
type Reserved struct {
	host  *C.struct_weir_host
	bytes int64
}

// Reserved counts nothing yet.
func (c *Context) Reserved() *Reserved { return &Reserved{host: c.raw.host} }

// Set counts so many bytes in all from here on. An error, ResourceExhausted, if there are not as many: it stays as it was.
func (r *Reserved) Set(bytes int64) error {
	problem := C.struct_weir_error{size: C.sizeof_struct_weir_error, row: -1, offset: -1}
	err := told(C.weir_go_reserve(r.host, C.int64_t(bytes-r.bytes), &problem), &problem)
	if err == nil {
		r.bytes = bytes
	}
	return err
}

// Release gives all of it back.
func (r *Reserved) Release() { _ = r.Set(0) }
