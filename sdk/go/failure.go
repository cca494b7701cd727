package weir

/*
#include "glue.h"
*/
import "C"

import (
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Status is a code of weir.h, where it stands what the host does with each.
type Status int32

// The codes.
const (
	Cancelled          Status = C.WEIR_CANCELLED
	Unknown            Status = C.WEIR_UNKNOWN
	InvalidArgument    Status = C.WEIR_INVALID_ARGUMENT
	DeadlineExceeded   Status = C.WEIR_DEADLINE_EXCEEDED
	NotFound           Status = C.WEIR_NOT_FOUND
	AlreadyExists      Status = C.WEIR_ALREADY_EXISTS
	PermissionDenied   Status = C.WEIR_PERMISSION_DENIED
	ResourceExhausted  Status = C.WEIR_RESOURCE_EXHAUSTED
	FailedPrecondition Status = C.WEIR_FAILED_PRECONDITION
	Aborted            Status = C.WEIR_ABORTED
	OutOfRange         Status = C.WEIR_OUT_OF_RANGE
	Unimplemented      Status = C.WEIR_UNIMPLEMENTED
	Internal           Status = C.WEIR_INTERNAL
	Unavailable        Status = C.WEIR_UNAVAILABLE
	DataLoss           Status = C.WEIR_DATA_LOSS
	Unauthenticated    Status = C.WEIR_UNAUTHENTICATED
)

// Fault says whose turn it is to act.
type Fault int32

// Who it may be.
const (
	FaultUnknown     Fault = C.WEIR_FAULT_UNKNOWN
	FaultManifest    Fault = C.WEIR_FAULT_MANIFEST
	FaultSource      Fault = C.WEIR_FAULT_SOURCE
	FaultData        Fault = C.WEIR_FAULT_DATA
	FaultDestination Fault = C.WEIR_FAULT_DESTINATION
	FaultPlugin      Fault = C.WEIR_FAULT_PLUGIN
)

// Failure is an error with what the host shows of it. Any other error becomes one of status Internal, the plugin's fault.
// Message: what was expected, what was found; lower case, no full stop, no secret.
type Failure struct {
	Status  Status
	Fault   Fault
	Message string
	Hint    string // the cure
	Object  string // what failed: a file, a table
	Column  string
	Option  string // JSON pointer into the options ("/columns/0")
	Row     *int64 // of the batch in hand
	Offset  *int64 // bytes from the start of the input, or of the option's text
	Length  int64  // how many bytes from there on are at fault
	Native  int64  // the code of the system that failed
}

func (f *Failure) Error() string { return f.Message }

// At gives a place for Row and Offset.
func At(place int64) *int64 { return &place }

// ManifestFailure is about what the manifest says at `option`.
func ManifestFailure(option, format string, arguments ...any) *Failure {
	return &Failure{Status: InvalidArgument, Fault: FaultManifest, Option: option, Message: fmt.Sprintf(format, arguments...)}
}

// DataFailure is about bytes that are not what they should be, at this place of the input.
func DataFailure(offset int64, format string, arguments ...any) *Failure {
	return &Failure{Status: DataLoss, Fault: FaultData, Offset: At(offset), Message: fmt.Sprintf(format, arguments...)}
}

// The host said stop, and knows why.
type stop struct{ status C.weir_status }

func (s stop) Error() string { return "stopped by the host" }

func passed(status C.weir_status) error {
	if status == C.WEIR_OK {
		return nil
	}
	return stop{status}
}

// Runs the body of an exported function; what it returns, or panics with, becomes a status and the caller's error.
func atEdge(out *C.struct_weir_error, body func() error) (status C.weir_status) {
	defer func() {
		if problem := recover(); problem != nil {
			message := fmt.Sprintf("panic%s: %v", panicPlace(), problem)
			status = (&Failure{Status: Internal, Fault: FaultPlugin, Message: message}).fill(out)
		}
	}()
	switch err := body().(type) {
	case nil:
		return C.WEIR_OK
	case stop:
		return err.status
	case *Failure:
		return err.fill(out)
	default:
		return (&Failure{Status: Internal, Fault: FaultPlugin, Message: err.Error()}).fill(out)
	}
}

// Where the panic was: the first frame below the runtime's.
func panicPlace() string {
	frames := make([]uintptr, 64)
	walk := runtime.CallersFrames(frames[:runtime.Callers(3, frames)])
	for panicked := false; ; {
		frame, more := walk.Next()
		inRuntime := strings.HasPrefix(frame.Function, "runtime.")
		panicked = panicked || inRuntime
		if panicked && !inRuntime {
			return fmt.Sprintf(" at %s:%d", frame.File, frame.Line)
		}
		if !more {
			return ""
		}
	}
}

func (f *Failure) fill(out *C.struct_weir_error) C.weir_status {
	if out == nil {
		return C.weir_status(f.Status)
	}
	out.fault = C.int32_t(f.Fault)
	out.native_code = C.int64_t(f.Native)
	out.row, out.offset = -1, -1
	if f.Row != nil {
		out.row = C.int64_t(*f.Row)
	}
	if f.Offset != nil {
		out.offset = C.int64_t(*f.Offset)
	}
	if out.size >= C.sizeof_struct_weir_error {
		out.length = C.int64_t(f.Length)
	}
	fillText(out.message[:], f.Message)
	fillText(out.hint[:], f.Hint)
	fillText(out.object[:], f.Object)
	fillText(out.column[:], f.Column)
	fillText(out.option[:], f.Option)
	return C.weir_status(f.Status)
}

// Cuts a text that is too long at a whole character, and ends it with a zero.
func fillText(to []C.char, from string) {
	from = strings.ToValidUTF8(from, "?")
	length := len(from)
	if length > len(to)-1 {
		length = len(to) - 1
	}
	for length < len(from) && length > 0 && !utf8.RuneStart(from[length]) {
		length--
	}
	for i := 0; i < length; i++ {
		to[i] = C.char(from[i])
	}
	to[length] = 0
}

// What the host's own input or output said.
func told(status C.weir_status, error *C.struct_weir_error) error {
	if status == C.WEIR_OK {
		return nil
	}
	field := func(bytes []C.char) string { return C.GoString((*C.char)(unsafe.Pointer(&bytes[0]))) }
	return &Failure{Status: Status(status), Fault: Fault(error.fault), Message: field(error.message[:]),
		Hint: field(error.hint[:]), Object: field(error.object[:])}
}
