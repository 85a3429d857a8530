#pragma once
const char *trackshim_version(void);
