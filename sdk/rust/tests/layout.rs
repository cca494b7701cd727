//! The layout of every struct of the ABI, as a C compiler measures it. Made of the C headers by tests/abi/make_bindings.py: do not edit.
use weir::{abi::*, ext::*};

macro_rules! layout {
    ($($name:ident $bytes:literal { $($field:ident $place:literal $size:literal,)* })*) => {$(
        assert_eq!(std::mem::size_of::<$name>(), $bytes, stringify!($name));
        let whole = std::mem::MaybeUninit::<$name>::uninit();
        $(
            let field = unsafe { std::ptr::addr_of!((*whole.as_ptr()).$field) };
            let place = field as usize - whole.as_ptr() as usize;
            assert_eq!((place, size_of_pointed(field)), ($place, $size), "{}.{}", stringify!($name), stringify!($field));
        )*
    )*};
}

fn size_of_pointed<T>(_: *const T) -> usize {
    std::mem::size_of::<T>()
}

#[test]
fn structs_are_as_the_header_says() {
    layout! {
        weir_completion 16 { size 0 8, done 8 8, }
        weir_async 32 { size 0 8, read 8 8, write 16 8, prepare 24 8, }
        weir_chunked 40 { size 0 8, start 8 8, boundary 16 8, parse 24 8, finish 32 8, }
        weir_connections 24 { size 0 8, borrow 8 8, give_back 16 8, }
        weir_decoder 24 { size 0 8, needed 8 8, codec 16 8, }
        weir_stream 88 { size 0 8, name 8 16, description 24 16, keys 40 16, cursors 56 16, rows 72 8, bytes 80 8, }
        weir_stream_sink 16 { size 0 8, put 8 8, }
        weir_discover 16 { size 0 8, streams 8 8, }
        weir_document 24 { size 0 8, decode 8 8, encode 16 8, }
        weir_append 24 { size 0 8, fits 8 8, between 16 8, }
        weir_conditional 16 { size 0 8, replace 8 8, }
        weir_ddl 16 { size 0 8, statements 8 8, }
        weir_earlier 16 { size 0 8, rows 8 8, }
        weir_judgement 72 { size 0 8, subject 8 16, expected 24 16, found 40 16, rows 56 8, verdict 64 4, reserved 68 4, }
        weir_quality 16 { size 0 8, judged 8 8, }
        weir_files 24 { size 0 8, open 8 8, temporary 16 8, }
        weir_network 16 { size 0 8, connect 8 8, }
        weir_secrets 16 { size 0 8, get 8 8, }
        weir_metrics 32 { size 0 8, add 8 8, set 16 8, observe 24 8, }
        weir_check 16 { size 0 8, check 8 8, }
        weir_parallel 16 { size 0 8, each 8 8, }
        weir_shared 24 { size 0 8, destination 8 8, open 16 8, }
        weir_memory 32 { size 0 8, allocate 8 8, free 16 8, reserve 24 8, }
        weir_partial 24 { size 0 8, take 8 8, merge 16 8, }
        weir_condition 40 { size 0 8, column 8 16, is 24 4, reserved 28 4, constant 32 8, }
        weir_wanted 56 { size 0 8, columns 8 8, column_count 16 8, conditions 24 8, condition_count 32 8, constants_schema 40 8, constants 48 8, }
        weir_pushdown 24 { size 0 8, open 8 8, open_reader 16 8, }
        weir_condition_sink 16 { size 0 8, put 8 8, }
        weir_reads 32 { size 0 8, columns 8 8, conditions 16 8, lineage 24 8, }
        weir_state_sink 24 { size 0 8, put 8 8, remove 16 8, }
        weir_state 32 { size 0 8, snapshot 8 8, restore 16 8, remembers 24 8, }
        weir_string 16 { data 0 8, length 8 8, }
        weir_bytes 16 { data 0 8, length 8 8, }
        weir_error 2360 { size 0 8, fault 8 4, reserved 12 4, native_code 16 8, retry_after_ns 24 8, row 32 8, offset 40 8, message 48 1024, hint 1072 512, object 1584 256, column 1840 256, option 2096 256, length 2352 8, }
        weir_sink 16 { size 0 8, put 8 8, }
        ArrowSchema 72 { format 0 8, name 8 8, metadata 16 8, flags 24 8, n_children 32 8, children 40 8, dictionary 48 8, release 56 8, private_data 64 8, }
        ArrowArray 80 { length 0 8, null_count 8 8, offset 16 8, n_buffers 24 8, n_children 32 8, buffers 40 8, children 48 8, dictionary 56 8, release 64 8, private_data 72 8, }
        weir_schema_sink 24 { size 0 8, put 8 8, same 16 8, }
        weir_host 48 { size 0 8, abi 8 4, reserved 12 4, now 16 8, log 24 8, extension 32 8, cancelled 40 8, }
        weir_config 80 { size 0 8, json 8 16, text 24 8, integer 32 8, number 40 8, boolean 48 8, count 56 8, kind 64 8, key 72 8, }
        weir_context 128 { size 0 8, host 8 8, config 16 8, run 24 16, link 40 16, lane 56 16, streams 72 8, expected 80 8, stream_count 88 8, instance 96 8, fence 104 8, epoch 112 8, commit 120 4, reserved 124 4, }
        weir_traits 72 { size 0 8, scope 8 4, ordered 12 4, keeps_rows 16 4, replay 20 4, commit 24 4, rows 28 4, takes_selection 32 4, many_inputs 36 4, many_outputs 40 4, reserved 44 4, max_instances 48 8, preferred_rows 56 8, preferred_bytes 64 8, }
        weir_batch 200 { size 0 8, rows 8 80, origins 88 80, base 168 8, sequence 176 8, selected 184 8, selected_count 192 8, }
        weir_reject 112 { size 0 8, row 8 8, offset 16 8, record 24 16, fields 40 16, column 56 16, reason 72 16, detail 88 16, within 104 8, }
        weir_next 40 { size 0 8, push 8 8, select 16 8, reject 24 8, drop 32 8, }
        weir_transformer 56 { size 0 8, traits 8 8, create 16 8, process 24 8, destroy 32 8, flush 40 8, cancel 48 8, }
        weir_reader 48 { size 0 8, read 8 8, position 16 8, close 24 8, acknowledge 32 8, cancel 40 8, }
        weir_split 80 { size 0 8, id 8 16, token 24 16, place 40 16, rows 56 8, bytes 64 8, unbounded 72 4, reserved 76 4, }
        weir_plan 32 { size 0 8, add 8 8, remove 16 8, state 24 8, }
        weir_extractor 40 { size 0 8, traits 8 8, plan 16 8, open 24 8, reader 32 8, }
        weir_receipt 176 { size 0 8, rows 8 8, inserted 16 8, updated 24 8, deleted 32 8, bytes 40 8, checksum 48 128, }
        weir_writer 48 { size 0 8, write 8 8, prepare 16 8, close 24 8, commit 32 8, cancel 40 8, }
        weir_committer 64 { size 0 8, open 8 8, close 16 8, last_committed 24 8, commit 32 8, abort 40 8, finish 48 8, cancel 56 8, }
        weir_loader 40 { size 0 8, traits 8 8, open 16 8, writer 24 8, committer 32 8, }
        weir_input 56 { size 0 8, length 8 8, read 16 8, read_at 24 8, map 32 8, close 40 8, cancel 48 8, }
        weir_output 56 { size 0 8, continues 8 4, reserved 12 4, written 16 8, write 24 8, prepare 32 8, close 40 8, cancel 48 8, }
        weir_sniff 56 { size 0 8, name 8 16, content_type 24 16, head 40 16, }
        weir_format 72 { size 0 8, sniff 8 8, open_reader 16 8, reader 24 8, open_encoder 32 8, encode 40 8, end 48 8, flush 56 8, close_encoder 64 8, }
        weir_object 72 { size 0 8, name 8 16, bytes 24 8, modified_ns 32 8, checksum 40 16, version 56 16, }
        weir_object_sink 16 { size 0 8, put 8 8, }
        weir_storage 96 { size 0 8, create 8 8, destroy 16 8, list 24 8, stat 32 8, open_read 40 8, open_write 48 8, commit 56 8, abort 64 8, sweep 72 8, remove 80 8, cancel 88 8, }
        weir_codec 40 { size 0 8, sniff 8 8, create 16 8, destroy 24 8, step 32 8, }
        weir_connection 40 { size 0 8, connect 8 8, ping 16 8, disconnect 24 8, cancel 32 8, }
        weir_component 64 { size 0 8, name 8 16, about 24 16, kind 40 4, reserved 44 4, table 48 8, extension 56 8, }
        weir_plugin 80 { size 0 8, abi 8 4, needs_abi 12 4, name 16 16, version 32 16, open 48 8, close 56 8, count 64 8, components 72 8, }
    }
}
