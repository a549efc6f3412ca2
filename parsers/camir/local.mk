parser_LTLIBRARIES += %D%/camir.la
%C%_camir_la_SOURCES = \
	%D%/camir.c %D%/camir.h \
	%D%/record.c
%C%_camir_la_LDFLAGS = $(PARSER_LDFLAGS)
