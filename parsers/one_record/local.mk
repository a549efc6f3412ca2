parser_LTLIBRARIES += %D%/one_record.la
%C%_one_record_la_SOURCES = \
	%D%/one_record.c %D%/one_record.h \
	%D%/document.c \
	%D%/find.c \
	%D%/graph.c \
	%D%/tell.c
%C%_one_record_la_CFLAGS = $(AM_CFLAGS) $(YAJL_CFLAGS)
%C%_one_record_la_LIBADD = $(YAJL_LIBS)
%C%_one_record_la_LDFLAGS = $(PARSER_LDFLAGS)
