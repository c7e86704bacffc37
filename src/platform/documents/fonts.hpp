#pragma once
// The house's face for pango: files carried in the binary, handed to fontconfig by memory files of the kernel.
typedef struct _PangoFontMap PangoFontMap;

namespace motcua::documents {

inline constexpr const char* house_families = "Be Vietnam Pro";
inline constexpr const char* house_families_bold = "Be Vietnam Pro SemiBold, Be Vietnam Pro";   // the file of weight 600 calls itself a family

/// The fonts of the house, then those of the machine; one for each thread, never freed by the caller.
PangoFontMap* font_map();

}  // namespace motcua::documents
