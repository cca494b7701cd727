/* weir.decoder/1: a format whose text may be in another encoding than the one that it reads (UTF-16, Windows-1252). Asked of
 * the format. The host puts the decoder between the codec and the format, so that the reader, the chunks, offsets and lines
 * are all those of the decoded bytes. What is decoded can't be read from an offset (weir_input.read_at is null). */
#ifndef WEIR_EXT_DECODER_H
#define WEIR_EXT_DECODER_H
#include "../weir.h"
#define WEIR_DECODER "weir.decoder/1"
struct weir_decoder {
  size_t size;
  /* Whether an input that begins with `head` (4 KiB, or all) must be decoded: *needed 0 or 1. [any] */
  weir_status (*needed)(const struct weir_context *context, struct weir_bytes head, int32_t *needed,
                        struct weir_error *error);
  /* As a codec that decompresses: create() with the format's context, and compress 0. sniff is null. */
  const struct weir_codec *codec;
};
#endif
