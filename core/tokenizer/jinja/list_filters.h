#pragma once

#include "core/tokenizer/jinja/builtins.h"

namespace bs::jinja {

/// The filters over lists; `name` says which one where several share a function.
/// selectattr(attribute, test, ...) and select(test, ...) keep the items that pass the test (are
/// true, if none is named); rejectattr and reject keep the others.
Result<Value> selectFilter(const std::string& name, const Arguments& arguments, Work& work);
/// map(attribute=name, default=value) and map(filter, ...).
Result<Value> mapFilter(const std::string& name, const Arguments& arguments, Work& work);
/// sort(reverse, case_sensitive, attribute): stable; numbers or strings.
Result<Value> sortFilter(const std::string& name, const Arguments& arguments, Work& work);
/// The pairs of a dict by key, or with by="value".
Result<Value> dictSortFilter(const std::string& name, const Arguments& arguments, Work& work);
/// The first of equal items, case aside.
Result<Value> uniqueFilter(const std::string& name, const Arguments& arguments, Work& work);
/// min and max, case aside; undefined of an empty list.
Result<Value> extremeFilter(const std::string& name, const Arguments& arguments, Work& work);

} // namespace bs::jinja
