plugin_LTLIBRARIES += %D%/chemical_precursor.la
%C%_chemical_precursor_la_SOURCES = %D%/chemical_precursor.c %D%/chemical_precursor.h \
	%D%/names.c %D%/spelling.c %D%/goods.c %D%/conclude.c
%C%_chemical_precursor_la_LDFLAGS = $(PLUGIN_LDFLAGS)
