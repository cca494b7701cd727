package weirtest

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"weir"
)

var schemaFile = []byte(`{"name": "tried", "version": "1.2.3", "components": {
	"shout": {}, "turn": {}, "second": {}, "count": {}, "sum": {}, "octets": {}}}`)

func init() {
	weir.Plugin(schemaFile,
		weir.TransformerComponent{Name: "shout", Create: createShout},
		weir.TransformerComponent{Name: "turn",
			Create: func(_ *weir.Context, inputs []weir.Schema, outputs *weir.Outputs) (weir.Transformer, error) {
				return turn{}, outputs.Put(inputs[0])
			}},
		weir.TransformerComponent{Name: "second", HoldsRows: true,
			Create: func(_ *weir.Context, inputs []weir.Schema, outputs *weir.Outputs) (weir.Transformer, error) {
				return &second{}, outputs.Put(inputs[0])
			}},
		weir.ExtractorComponent{Name: "count", Plan: planCount, Open: openCount},
		weir.LoaderComponent{Name: "sum", Open: openSum, OpenCommitter: func(*weir.Context) (any, error) { return publish{}, nil }},
		weir.FormatComponent{Name: "octets", OpenReader: openOctets, OpenEncoder: openOctetWriter})
}

// Puts a text column in capitals; misbehaves on certain words.
type shout struct{ column int }

func createShout(context *weir.Context, inputs []weir.Schema, outputs *weir.Outputs) (weir.Transformer, error) {
	column, err := inputs[0].Column(context.Config().Text("/column"), "u", "/column")
	if err != nil {
		return nil, err
	}
	return &shout{column}, outputs.Put(inputs[0])
}

func (s *shout) Process(_ uint64, batch *weir.Batch, next *weir.Next) error {
	texts, err := batch.Texts(s.column)
	if err != nil {
		return err
	}
	var loud weir.TextBuilder
	for row := 0; row < batch.Len(); row++ {
		text, valid := texts.Get(row)
		switch {
		case text == "panic":
			panic("a word that it can't stand")
		case text == "range":
			texts.Get(batch.Len())
		case text == "plain":
			return errors.New("an error of its own")
		case text == "wrong type":
			_, err := weir.Numbers[int64](batch, s.column)
			return err
		case text == "reject":
			if err := next.Reject(weir.Reject{Row: int64(row), Column: "name", Reason: "rejected", Detail: "detail"}); err != nil {
				return err
			}
			return next.Drop(uint64(batch.Len()-1), "the rest")
		case valid:
			loud.Append(strings.ToUpper(text))
		default:
			loud.AppendNull()
		}
	}
	rows := batch.Take()
	rows.Replace(s.column, loud.Finish())
	return next.Push(rows)
}

var columns = weir.Schema{Fields: []weir.Field{{Name: "id", Format: "l"}, {Name: "name", Format: "u"}}}

func try(names ...any) (*Outcome, error) {
	var rows [][]any
	for i, name := range names {
		rows = append(rows, []any{i, name})
	}
	return Transform("shout", Options{"/column": "name"}, columns, rows...)
}

func same(t *testing.T, found, wanted any) {
	t.Helper()
	if !reflect.DeepEqual(found, wanted) {
		t.Fatalf("expected %v, found %v", wanted, found)
	}
}

func must(t *testing.T, outcome *Outcome, err error) *Outcome {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

func TestATransformerChangesAColumnAndKeepsNulls(t *testing.T) {
	outcome, err := try("ann", nil, "zoë")
	same(t, must(t, outcome, err).Rows, [][]any{{0, "ANN"}, {1, nil}, {2, "ZOË"}})
	same(t, outcome.Schemas[0].Fields[1].Name, "name")
	outcome, err = try()
	same(t, len(must(t, outcome, err).Rows), 0)
}

func TestARowIsRejectedAndTheOthersDropped(t *testing.T) {
	outcome, err := try("reject", nil, nil)
	same(t, must(t, outcome, err).Rejected, []Rejected{{0, "name", "rejected", "detail"}})
	same(t, outcome.Dropped, uint64(2))
}

func TestWhatGoesWrongIsTold(t *testing.T) {
	for word, wanted := range map[string]string{
		"panic": "a word that it can't stand", "range": "row 1 of 1", "plain": "an error of its own",
		"wrong type": "column 'name': expected to read int64, found Arrow type 'u'"} {
		_, err := try(word)
		var failure *weir.Failure
		if !errors.As(err, &failure) || failure.Status != weir.Internal || !strings.Contains(failure.Message, wanted) {
			t.Fatalf("%s: expected %q, found %v", word, wanted, err)
		}
		if word == "panic" && !strings.Contains(failure.Message, "weirtest_test.go:") {
			t.Fatalf("expected the place of the panic, found %q", failure.Message)
		}
	}
}

func TestAnOptionThatNamesNoColumnSaysWhichThereAre(t *testing.T) {
	for name, wanted := range map[string]string{"nmae": "expected a column of the input (id, name), found 'nmae'",
		"id": "column 'id': expected Arrow type 'u', found 'l'"} {
		_, err := Transform("shout", Options{"/column": name}, columns)
		var failure *weir.Failure
		if !errors.As(err, &failure) || failure.Message != wanted || failure.Option != "/column" {
			t.Fatalf("expected %q, found %v", wanted, err)
		}
	}
}

// Passes on every second row that is in hand, and counts in its end what came.
type second struct{ rows int64 }

func (s *second) Process(_ uint64, batch *weir.Batch, next *weir.Next) error {
	var picked []uint32
	for row := 1; row < batch.Len(); row += 2 {
		picked = append(picked, uint32(row))
	}
	s.rows += int64(batch.Len())
	return next.Select(0, picked)
}

func (s *second) Flush(_ uint64, why weir.FlushReason, next *weir.Next) error {
	var id weir.NumberBuilder[int64]
	var name weir.TextBuilder
	id.Append(s.rows)
	name.Append(fmt.Sprint(why == weir.FlushEnd))
	return next.Push(weir.RowsOf(id.Finish(), name.Finish()))
}

func TestRowsInHandAreSelectedAndRowsHeldAreFlushed(t *testing.T) {
	outcome, err := Transform("second", nil, columns, []any{0, "a"}, []any{1, "b"}, []any{2, "c"})
	same(t, must(t, outcome, err).Rows, [][]any{{1, "b"}, {3, "true"}})
	outcome, err = Transform("second", nil, columns, []any{0, "a"}) // no row at all is not every row
	same(t, must(t, outcome, err).Rows, [][]any{{1, "true"}})
}

// Counts from its split's token.
type count struct{ at, end int64 }

func planCount(context *weir.Context, _ []byte, plan *weir.Plan) (bool, error) {
	for _, from := range context.Config().Texts("/from") {
		if err := plan.Add(weir.Split{ID: from, Token: []byte(from)}); err != nil {
			return false, err
		}
	}
	return false, nil
}

func openCount(_ *weir.Context, split weir.Split, _ []byte, outputs *weir.Outputs) (weir.Reader, error) {
	var from int64
	if _, err := fmt.Sscan(string(split.Token), &from); err != nil {
		return nil, err
	}
	return &count{from, from + 2}, outputs.Put(weir.Schema{Fields: []weir.Field{{Name: "n", Format: "l", NotNull: true}}})
}

func (c *count) Read(_ int64, next *weir.Next) (weir.Outcome, error) {
	var numbers weir.NumberBuilder[int64]
	numbers.Append(c.at)
	c.at++
	if err := next.Push(weir.RowsOf(numbers.Finish())); err != nil || c.at < c.end {
		return weir.More, err
	}
	return weir.End, nil
}

func TestAnExtractorReadsEachSplit(t *testing.T) {
	outcome, err := Extract("count", Options{"/from/0": "1", "/from/1": "7"})
	same(t, must(t, outcome, err).Rows, [][]any{{1}, {2}, {7}, {8}})
	same(t, outcome.Schemas[0].Fields[0].NotNull, true)
}

// Sums, and publishes the sum.
type sum struct{ sum float64 }
type publish struct{}

func openSum(_ *weir.Context, inputs []weir.Schema, stored *weir.Outputs) (weir.Writer, error) {
	return &sum{}, stored.Put(inputs[0])
}

func (s *sum) Write(_ uint64, batch *weir.Batch, _ *weir.Next) error {
	numbers, err := weir.Numbers[float64](batch, 0)
	for row := 0; err == nil && row < batch.Len(); row++ {
		number, _ := numbers.Get(row)
		s.sum += number
	}
	return err
}

func (s *sum) Prepare(_ uint64, committable *weir.Sink, receipts []weir.Receipt) error {
	receipts[0].Rows(3)
	return committable.Put([]byte(fmt.Sprint(s.sum)))
}

func (publish) Commit(epoch uint64, committables [][]byte, published *weir.Sink) error {
	return published.Put([]byte(fmt.Sprintf("published %s of %d", committables[0], epoch)))
}

func (publish) Abort(uint64, [][]byte) error { return nil }

func TestALoaderIsPreparedAndItsCommitterPublishes(t *testing.T) {
	schema := weir.Schema{Fields: []weir.Field{{Name: "x", Format: "g"}}}
	outcome, err := Load("sum", nil, schema, []any{1.5}, []any{nil}, []any{2.0})
	same(t, string(must(t, outcome, err).Bytes[0]), "published 3.5 of 1")
	same(t, outcome.Stored, int64(3))
}

// A byte a row.
type octets struct {
	input *weir.Input
	at    int64
}
type octetWriter struct{ output *weir.Output }

func openOctets(_ *weir.Context, input *weir.Input, _ []byte, outputs *weir.Outputs) (weir.Reader, error) {
	return &octets{input: input}, outputs.Put(weir.Schema{Fields: []weir.Field{{Name: "octet", Format: "l"}}})
}

func (o *octets) Read(deadline int64, next *weir.Next) (weir.Outcome, error) {
	var buffer [16]byte
	got, outcome, err := o.input.Read(buffer[:], deadline)
	if err != nil {
		return outcome, err
	}
	var numbers weir.NumberBuilder[int64]
	var origins []uint32
	for i, octet := range buffer[:got] {
		numbers.Append(int64(octet))
		origins = append(origins, uint32(i))
	}
	o.at += int64(got)
	return outcome, next.PushAs(weir.RowsOf(numbers.Finish()), weir.Pushed{Origins: origins, Base: o.at - int64(got)})
}

func openOctetWriter(_ *weir.Context, input weir.Schema, stored *weir.Outputs, output *weir.Output) (weir.Encoder, error) {
	return &octetWriter{output}, stored.Put(input)
}

func (o *octetWriter) Encode(batch *weir.Batch, _ *weir.Next) error {
	numbers, err := weir.Numbers[int64](batch, 0)
	var bytes []byte
	for row := 0; err == nil && row < batch.Len(); row++ {
		number, _ := numbers.Get(row)
		bytes = append(bytes, byte(number))
	}
	if err != nil {
		return err
	}
	return o.output.Write(bytes)
}

func (o *octetWriter) End() error { return o.output.Write([]byte(".")) }

func TestAFormatReadsPiecesAndWritesRows(t *testing.T) {
	outcome, err := Read("octets", nil, []byte("AB\n"), 2)
	same(t, must(t, outcome, err).Rows, [][]any{{65}, {66}, {10}})
	written, err := Write("octets", nil, outcome.Schemas[0], outcome.Rows...)
	same(t, must(t, written, err).Bytes, [][]byte{[]byte("AB\n"), []byte(".")})
}

// Takes decimals, lists and structs apart, and puts them together again: each list is turned round.
type turn struct{}

func (turn) Process(_ uint64, batch *weir.Batch, next *weir.Next) error {
	var columns [2]weir.Column
	for i := range columns {
		column, err := batch.Column(i)
		if err != nil {
			return err
		}
		columns[i] = column
	}
	prices, err := columns[0].Decimals()
	if err != nil {
		return err
	}
	pairs, err := columns[1].Structs()
	if err != nil {
		return err
	}
	nameColumn, err := pairs.Field("name")
	if err != nil {
		return err
	}
	names, err := nameColumn.Texts()
	if err != nil {
		return err
	}
	idColumn, err := pairs.Field("ids")
	if err != nil {
		return err
	}
	lists, err := idColumn.Lists()
	if err != nil {
		return err
	}
	ids, err := weir.NumbersOf[int64](lists.Items)
	if err != nil {
		return err
	}
	if prices.Precision != 12 || prices.Scale != 2 {
		return fmt.Errorf("expected 12 and 2, found %d and %d", prices.Precision, prices.Scale)
	}
	var price weir.DecimalBuilder
	var name weir.TextBuilder
	var id weir.NumberBuilder[int64]
	var list weir.ListBuilder
	var pair weir.StructBuilder
	for row := 0; row < batch.Len(); row++ {
		if value, valid := prices.Get(row); valid {
			price.Append(value)
		} else {
			price.AppendNull()
		}
		if text, valid := names.Get(row); valid {
			name.Append(text)
		} else {
			name.AppendNull()
		}
		begin, end, valid := lists.Get(row)
		if valid {
			list.Append(end - begin)
		} else {
			list.AppendNull()
		}
		for i := end - 1; i >= begin; i-- {
			number, _ := ids.Get(i)
			id.Append(number)
		}
		if pairs.Valid(row) {
			pair.Append()
		} else {
			pair.AppendNull()
		}
	}
	return next.Push(weir.RowsOf(price.Finish(), pair.Finish(name.Finish(), list.Finish(id.Finish()))))
}

func TestDecimalsListsAndStructsAreReadAndBuilt(t *testing.T) {
	ids := weir.Field{Name: "ids", Format: "+l", Children: []weir.Field{{Name: "item", Format: "l"}}}
	pair := weir.Field{Name: "pair", Format: "+s", Children: []weir.Field{{Name: "name", Format: "u"}, ids}}
	schema := weir.Schema{Fields: []weir.Field{{Name: "price", Format: "d:12,2"}, pair}}
	huge := weir.Decimal{Low: 5, High: -1 << 40}
	outcome, err := Transform("turn", nil, schema,
		[]any{weir.DecimalOf(-1234), Struct{"ann", []any{1, 2, 3}}},
		[]any{nil, nil},
		[]any{huge, Struct{nil, nil}},
		[]any{weir.DecimalOf(0), Struct{"bob", []any{}}},
		[]any{weir.DecimalOf(1), Struct{"zoë", []any{4, 5}}})
	if err != nil {
		t.Fatal(err)
	}
	wanted := [][]any{
		{weir.DecimalOf(-1234), Struct{"ann", []any{3, 2, 1}}},
		{nil, nil},
		{huge, Struct{nil, nil}},
		{weir.DecimalOf(0), Struct{"bob", []any{}}},
		{weir.DecimalOf(1), Struct{"zoë", []any{5, 4}}},
	}
	if !reflect.DeepEqual(outcome.Rows, wanted) {
		t.Errorf("expected %v, found %v", wanted, outcome.Rows)
	}
	if text := huge.Big().String(); text != "-20282409603651670423947251286011" {
		t.Errorf("expected the number of any length, found %s", text)
	}
	if _, err := Transform("turn", nil, columns, []any{1, "x"}); err == nil || !strings.Contains(err.Error(), "a decimal of 128 bits") {
		t.Errorf("expected another type to be an error, found %v", err)
	}
}
