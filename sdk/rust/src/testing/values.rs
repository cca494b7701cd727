//! Values as columns, columns as values.
use super::Value;
use crate::array::{Array, Number};
use crate::builder::{BooleanBuilder, DecimalBuilder, ListBuilder, NumberBuilder, StructBuilder, TextBuilder};
use crate::column::Column;
use crate::failure::Result;
use crate::schema::{Field, Schema};
use std::prelude::v1::*;
use std::vec;

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
        "+l" => list_of(&field.children[0], values),
        "+s" => struct_of(&field.children, values),
        decimal if decimal.starts_with("d:") => {
            let mut column = DecimalBuilder::new();
            values.for_each(|value| column.append_option(if let Value::Decimal(number) = value { Some(*number) } else { None }));
            column.finish()
        }
        other => panic!("a test's rows hold text, int64, float64, boolean, decimals, lists and structs, found Arrow type '{other}'"),
    }
}

fn list_of<'a>(field: &Field, values: impl Iterator<Item = &'a Value>) -> Array {
    let (mut lists, mut items) = (ListBuilder::new(), Vec::new());
    for value in values {
        match value {
            Value::List(found) => {
                lists.append(found.len());
                items.extend(found);
            }
            _ => lists.append_null(),
        }
    }
    lists.finish(column_of(field, items.into_iter()))
}

fn struct_of<'a>(fields: &[Field], values: impl Iterator<Item = &'a Value>) -> Array {
    let (mut structs, mut columns) = (StructBuilder::new(), vec![Vec::new(); fields.len()]);
    for value in values {
        let found = if let Value::Struct(found) = value { found.as_slice() } else { &[] };
        columns.iter_mut().enumerate().for_each(|(i, column)| column.push(found.get(i).unwrap_or(&Value::Null)));
        if found.is_empty() { structs.append_null() } else { structs.append() }
    }
    structs.finish(fields.iter().zip(columns).map(|(field, column)| column_of(field, column.into_iter())).collect())
}

/// A null or the value.
fn or_null<T: Into<Value>>(value: Option<T>) -> Value {
    value.map_or(Value::Null, T::into)
}

fn numbers<T: Number + Into<Value>>(column: Column) -> Result<Vec<Value>> {
    let numbers = column.numbers::<T>()?;
    Ok((0..column.len()).map(|row| or_null(numbers.get(row))).collect())
}

fn lists(column: Column) -> Result<Vec<Value>> {
    let (lists, items) = (column.lists()?, column_values(column.lists()?.items())?);
    Ok((0..column.len()).map(|row| lists.get(row).map_or(Value::Null, |items_of| Value::List(items[items_of].to_vec()))).collect())
}

fn structs(column: Column) -> Result<Vec<Value>> {
    let structs = column.structs()?;
    let fields = column.field().children.iter().map(|field| column_values(structs.field(&field.name)?)).collect::<Result<Vec<_>>>()?;
    let of = |row: usize| Value::Struct(fields.iter().map(|values| values[row].clone()).collect());
    Ok((0..column.len()).map(|row| if structs.valid(row) { of(row) } else { Value::Null }).collect())
}

fn column_values(column: Column) -> Result<Vec<Value>> {
    match column.field().format.as_str() {
        "u" => Ok(column.texts()?.iter().map(or_null).collect()),
        "b" => {
            let booleans = column.booleans()?;
            Ok((0..column.len()).map(|row| or_null(booleans.get(row))).collect())
        }
        "l" => numbers::<i64>(column),
        "i" => numbers::<i32>(column),
        "g" => numbers::<f64>(column),
        "+l" => lists(column),
        "+s" => structs(column),
        format if format.starts_with("d:") => {
            let decimals = column.decimals()?;
            Ok((0..column.len()).map(|row| decimals.get(row).map_or(Value::Null, Value::Decimal)).collect())
        }
        _ => Ok(vec![Value::Other; column.len()]),
    }
}

/// The rows as values.
pub fn values_of(rows: &Array, schema: &Schema) -> Vec<Vec<Value>> {
    let (length, outer) = (rows.len(), rows.0.offset as usize);
    let column = |(i, field)| Column { array: unsafe { &**rows.0.children.add(i) }, field, outer, rows: length };
    let columns: Vec<_> = schema.fields.iter().enumerate().map(|one| column_values(column(one)).expect("rows of their schema")).collect();
    (0..length).map(|row| columns.iter().map(|column| column[row].clone()).collect()).collect()
}
