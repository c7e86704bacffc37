#pragma once
// What cmake/assets.cmake generates; only assets.cpp reads it. The last entry has a null name.
namespace motcua::assets {
struct Entry {
  const char* name;
  const char* begin;
  const char* end;
};
extern const Entry table[];
}  // namespace motcua::assets
