package web

