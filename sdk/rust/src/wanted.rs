//! Wanted: what the links behind a reader want of it.
use crate::column::Column;
use crate::edge::{slice_of, text_of};
use crate::ext::*;
use crate::schema::Schema;
use alloc::vec::Vec;

/// How a column is compared with a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// There is no constant.
    NotNull,
}

/// What is wanted of a stream. Lent for one call.
pub struct Wanted<'a> {
    raw: &'a weir_wanted,
    constants: Option<Schema>,
}

/// One of the conditions, all of which must hold.
pub struct Condition<'a> {
    pub column: &'a str,
    pub is: Comparison,
    /// A column of one row; none: NotNull has none.
    pub constant: Option<Column<'a>>,
}

impl<'a> Wanted<'a> {
    pub(crate) unsafe fn of(raw: &'a weir_wanted) -> Self {
        let constants = (!raw.constants_schema.is_null()).then(|| Schema::read(raw.constants_schema));
        Wanted { raw, constants }
    }
    /// By name; none of them: all.
    pub fn columns(&self) -> Vec<&'a str> {
        unsafe { slice_of(self.raw.columns, self.raw.column_count).iter().map(|&name| text_of(name)).collect() }
    }
    /// Those that this version knows: the others may be left out.
    pub fn conditions(&self) -> Vec<Condition<'_>> {
        let all = unsafe { slice_of(self.raw.conditions, self.raw.condition_count) };
        all.iter().filter_map(|&one| self.condition(unsafe { &*one })).collect()
    }

    fn condition(&self, raw: &'a weir_condition) -> Option<Condition<'_>> {
        let is = match raw.is {
            WEIR_IS_EQUAL => Comparison::Equal,
            WEIR_IS_LESS => Comparison::Less,
            WEIR_IS_LESS_OR_EQUAL => Comparison::LessOrEqual,
            WEIR_IS_GREATER => Comparison::Greater,
            WEIR_IS_GREATER_OR_EQUAL => Comparison::GreaterOrEqual,
            WEIR_IS_NOT_NULL => Comparison::NotNull,
            _ => return None,
        };
        let constant = if is == Comparison::NotNull { None } else { Some(self.constant(raw.constant as usize)?) };
        Some(Condition { column: unsafe { text_of(raw.column) }, is, constant })
    }

    fn constant(&self, index: usize) -> Option<Column<'_>> {
        let field = self.constants.as_ref()?.fields.get(index)?;
        let rows = unsafe { self.raw.constants.as_ref()? };
        let array = unsafe { &**rows.children.add(index) };
        Some(Column { array, field, outer: rows.offset as usize, rows: 1 })
    }
}
