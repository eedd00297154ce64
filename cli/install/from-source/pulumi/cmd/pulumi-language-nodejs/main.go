// Command pulumi-language-nodejs is the language host that the Pulumi CLI starts to run a Node.js program, for networks
// on which Pulumi's own download is out of reach; the official host is not published as a Go module.
//
// It runs programs and policy packs, and names the plugins that a program needs. Everything else of the LanguageRuntime service
// (installing dependencies, generating code, packing) answers "unimplemented", as Pulumi's protocol foresees.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// version is set at link time to the version of the CLI that this host is built with.
var version = "0.0.0"

func main() {
	// The CLI passes more flags than this host has a use for, such as a tracing endpoint.
	flags := flag.NewFlagSet("pulumi-language-nodejs", flag.ContinueOnError)
	flags.String("tracing", "", "accepted and not used")
	if err := flags.Parse(os.Args[1:]); err != nil {
		os.Exit(2)
	}
	engine := flags.Arg(0)

	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &nodeHost{engine: engine})
			return nil
		},
	})
	if err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-language-nodejs: could not listen: %v\n", err)
		os.Exit(1)
	}
	// The first line of standard output tells the CLI where to connect.
	fmt.Println(handle.Port)
	if err := <-handle.Done; err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-language-nodejs: %v\n", err)
		os.Exit(1)
	}
}
