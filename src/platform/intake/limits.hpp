#pragma once
// What an import takes at most. Exceeding one is an error that names it, never a truncation.
#include <cstddef>
#include <cstdint>

namespace motcua::intake {

/// The widest legacy export known has 60 columns; a spreadsheet's own limit is 16,384.
inline constexpr std::size_t columns_max = 1'000;
/// A field of free text (symptoms, an itinerary of 14 days) stays under 8 KiB by a wide margin.
inline constexpr std::size_t field_bytes_max = 64 * 1024;
inline constexpr std::size_t row_bytes_max = 1024 * 1024;
/// After unpacking. A hundred million declarations of 300 bytes are 30 GB.
inline constexpr std::uint64_t file_bytes_max = 64ULL * 1024 * 1024 * 1024;
/// Rows that share a transaction: large enough that a disk flush costs nothing per row, small enough that a page waits for
/// none of them (about 20 ms of the writer). ImportOptions::batch_rows says otherwise.
inline constexpr std::size_t batch_rows = 2'000;
/// Batches parsed ahead of the writer.
inline constexpr std::size_t batches_ahead_max = 3;
/// A running import is heard of with every batch; one that was silent for so long was interrupted.
inline constexpr std::int64_t import_silence_ms_max = 5 * 60 * 1000;
inline constexpr int imports_page_max = 200;
inline constexpr std::size_t read_block_bytes = 1024 * 1024;

}  // namespace motcua::intake
