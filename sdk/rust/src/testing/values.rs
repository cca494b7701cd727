//! Values as columns, columns as values.
use super::Value;
use crate::abi::ArrowArray;
use crate::array::{Array, Booleans, Number, Numbers, Texts};
use crate::builder::{BooleanBuilder, NumberBuilder, TextBuilder};
use crate::schema::{Field, Schema};

pub fn column_of<'a>(field: &Field, values: impl Iterator<Item = &'a Value>) -> Array {
    match field.format.as_str() {
        "u" => {
            let mut column = TextBuilder::new();
            values.for_each(|value| column.append_option(if let Value::Text(text) = value { Some(text) } else { None }));
            column.finish()
        }
        "g" => {
            let mut column = NumberBuilder::<f64>::new();
            values.for_each(|value| column.append_option(if let Value::Number(number) = value { Some(*number) } else { None }));
            column.finish()
        }
        "b" => {
            let mut column = BooleanBuilder::new();
            values.for_each(|value| column.append_option(if let Value::Boolean(yes) = value { Some(*yes) } else { None }));
            column.finish()
        }
        "l" => {
            let mut column = NumberBuilder::<i64>::new();
            values.for_each(|value| column.append_option(if let Value::Integer(number) = value { Some(*number) } else { None }));
            column.finish()
        }
        other => panic!("a test's rows hold text, int64, float64 and boolean, found Arrow type '{other}'"),
    }
}

/// A null or the value.
fn or_null<T: Into<Value>>(value: Option<T>) -> Value {
    value.map_or(Value::Null, T::into)
}

fn numbers<T: Number + Into<Value>>(array: &ArrowArray, outer: usize, length: usize) -> Vec<Value> {
    let column = unsafe { Numbers::<T>::of(array, outer, length) };
    (0..length).map(|row| or_null(column.get(row))).collect()
}

fn column_values(array: &ArrowArray, format: &str, outer: usize, length: usize) -> Vec<Value> {
    match format {
        "u" => unsafe { Texts::of(array, outer, length) }.expect("UTF-8").iter().map(or_null).collect(),
        "b" => {
            let column = unsafe { Booleans::of(array, outer, length) };
            (0..length).map(|row| or_null(column.get(row))).collect()
        }
        "l" => numbers::<i64>(array, outer, length),
        "i" => numbers::<i32>(array, outer, length),
        "g" => numbers::<f64>(array, outer, length),
        _ => vec![Value::Other; length],
    }
}

/// The rows as values.
pub fn values_of(rows: &Array, schema: &Schema) -> Vec<Vec<Value>> {
    let (length, outer) = (rows.len(), rows.0.offset as usize);
    let child = |i: usize| unsafe { &**rows.0.children.add(i) };
    let columns: Vec<_> =
        schema.fields.iter().enumerate().map(|(i, field)| column_values(child(i), &field.format, outer, length)).collect();
    (0..length).map(|row| columns.iter().map(|column| column[row].clone()).collect()).collect()
}
