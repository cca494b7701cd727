// Cases of the rows that leave a plugin: batches, selections, rejects, and what became of the rows in hand.
#include "conformance/lived.hpp"

namespace weir::conformance {
namespace {

constexpr Case kRowCases[] = {
    {"rows", "outputs-told", "It passes rows on to outputs that it told.", kGivesRows, observed,
     "count outputs from 0, in the order in which their schemas were told", "Passes on `batch` to output `output`."},
    {"rows", "rows-fit-schema",
     "The arrays that it pushes have the columns, lengths and buffers of the schema that it told.", kGivesRows,
     observed, "make each column's array by the type that create() or open() told",
     "Their schema is fixed when an instance is made, for its life."},
    {"rows", "rows-valid",
     "The values that it pushes are whole: offsets in order, texts UTF-8, nulls only where they may be.", kGivesRows,
     observed, "check what you build: Arrow's offsets ascend, null_count is what the bits say",
     "Strings     UTF-8 with a length"},
    {"rows", "buffers-aligned", "Buffers are aligned to 8 bytes.", kGivesRows, observed,
     "take memory of malloc() for each buffer, or copy what lies elsewhere", "Buffers are aligned to 8 bytes at least"},
    {"rows", "origins-in-hand", "Origins are rows of the batch in hand, one for each row that is pushed.", kGivesRows,
     observed, "set origins[i] to the row of the batch in hand that row i came from, or leave them out",
     "origins[i], if you know it, is the row of the batch in hand that row i came from"},
    {"rows", "selects-in-hand", "It selects rows of the batch in hand.", kGivesRows, observed,
     "select numbers below batch->rows.length, and during process() only",
     "Passes on rows[0..count) of the batch in hand, in that order"},
    {"rows", "rejects-in-hand", "It rejects rows of the batch in hand, a reader none.", kTakesRows | kExtractor,
     observed, "set reject.row to the row of the batch in hand; a reader's to WEIR_NO_ROW",
     "a transformer's, writer's: row of the batch in hand."},
    {"rows", "rejects-say-why", "Every reject has a reason.", kTakesRows | kExtractor, observed,
     "set reject.reason to a constant", "a constant that can be counted"},
    {"rows", "drops-say-why", "Every drop has a reason.", kGivesRows, observed,
     "give drop() a constant that the ledger can show", "`reason` is a constant, and shown in the ledger."},
    {"rows", "rows-balance", "Each row in is pushed, selected, rejected or dropped, once.", kTransformer, observed,
     "account for every row of the batch, or say in traits.rows that rows are multiplied or merged",
     "In the end rows in = pushed + selected + rejected + dropped, unless rows are multiplied or merged"},
    {"rows", "lent-rows-unwritten", "It does not write to the rows that it is lent.", kTakesRows, observed,
     "copy a buffer before you change a value in it", "and are NEVER written to once they have crossed"},
};

}  // namespace

std::span<const Case> row_cases() { return kRowCases; }

}  // namespace weir::conformance
