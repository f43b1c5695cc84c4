"""The two lives of an experiment: in a page without a kernel, and as widgets in one."""
