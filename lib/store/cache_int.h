/* Private to the files of cache.h. */
#ifndef STORE_CACHE_INT_H
#define STORE_CACHE_INT_H

#include "store/cache.h"
#include "store/db.h"

struct cache {
	struct db *db;
};

#endif
