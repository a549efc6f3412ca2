plugin_LTLIBRARIES += %D%/pill_press.la
%C%_pill_press_la_SOURCES = %D%/pill_press.c %D%/pill_press.h %D%/text.c %D%/conclude.c
%C%_pill_press_la_LDFLAGS = $(PLUGIN_LDFLAGS)
