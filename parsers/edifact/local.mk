parser_LTLIBRARIES += %D%/edifact.la
%C%_edifact_la_SOURCES = \
	%D%/edifact.c %D%/edifact.h \
	%D%/service.c \
	%D%/syntax.c %D%/syntax.h \
	%D%/values.c
%C%_edifact_la_LDFLAGS = $(PARSER_LDFLAGS)
